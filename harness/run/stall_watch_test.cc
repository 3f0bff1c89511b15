#include "harness/run/stall_watch.h"

#include <array>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;

TEST(StallWatch, a_loop_that_stood_still_is_told_of_when_it_goes_on) {
  boost::asio::io_context io;
  std::vector<std::chrono::nanoseconds> stalls;
  StallWatch* watch_in_use = nullptr;
  StallWatch watch(
      io,
      [&](std::chrono::nanoseconds took) {
        stalls.push_back(took);
        watch_in_use->stop();
      },
      [] { return Waits{}; });
  watch_in_use = &watch;
  boost::asio::co_spawn(io, watch.watch(), boost::asio::detached);
  boost::asio::post(io, [] { std::this_thread::sleep_for(700ms); });
  io.run();
  ASSERT_EQ(stalls.size(), 1U);
  EXPECT_GE(stalls.front(), 500ms);
}

TEST(StallWatch, a_second_for_most_of_which_a_node_waited_for_a_processor_counts) {
  boost::asio::io_context io;
  std::vector<std::chrono::nanoseconds> stalls;
  StallWatch* watch_in_use = nullptr;
  int rounds = 0;
  StallWatch watch(
      io, [&](std::chrono::nanoseconds took) { stalls.push_back(took); },
      [&] {
        // In the first second the node waited little, in the second one most of it.
        constexpr std::array<std::chrono::milliseconds, 3> waited{10s, 10200ms, 11100ms};
        const auto so_far = waited.at(static_cast<std::size_t>(rounds));
        if (++rounds == 3) watch_in_use->stop();
        return Waits{{71, so_far}};
      });
  watch_in_use = &watch;
  boost::asio::co_spawn(io, watch.watch(), boost::asio::detached);
  io.run();
  ASSERT_EQ(stalls.size(), 1U);
  EXPECT_GE(stalls.front(), 1s);
}

TEST(StallWatch, the_kernel_says_how_long_a_process_waited) {
  const auto waits = waits_of({-1});
  EXPECT_EQ(waits.at(-1), 0ns);
  EXPECT_GE(waits.at(::getpid()), 0ns);
}

}  // namespace
}  // namespace sunder::harness
