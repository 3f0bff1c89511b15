#include "harness/run/stall_watch.h"

#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;

TEST(StallWatch, a_loop_that_stood_still_is_told_of_when_it_goes_on) {
  boost::asio::io_context io;
  std::vector<std::chrono::nanoseconds> stalls;
  StallWatch* watch_in_use = nullptr;
  StallWatch watch(io, [&](std::chrono::nanoseconds took) {
    stalls.push_back(took);
    watch_in_use->stop();
  });
  watch_in_use = &watch;
  boost::asio::co_spawn(io, watch.watch(), boost::asio::detached);
  boost::asio::post(io, [] { std::this_thread::sleep_for(700ms); });
  io.run();
  ASSERT_EQ(stalls.size(), 1U);
  EXPECT_GE(stalls.front(), 500ms);
}

}  // namespace
}  // namespace sunder::harness
