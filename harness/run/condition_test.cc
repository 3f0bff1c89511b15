#include "harness/run/condition.h"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;

class ConditionTest : public testing::Test {
 protected:
  void wait(std::function<bool()> holds,
            Condition::Clock::time_point deadline = Condition::Clock::time_point::max()) {
    boost::asio::co_spawn(io_, condition_.wait(std::move(holds), deadline),
                          [this](const std::exception_ptr& failure, bool held) {
                            if (failure) std::rethrow_exception(failure);
                            held_ = held;
                          });
  }

  boost::asio::io_context io_;
  nemesis::MachineTime time_{io_};
  Condition condition_{time_};
  std::optional<bool> held_;
};

TEST_F(ConditionTest, what_holds_already_is_not_waited_for) {
  wait([] { return true; });
  io_.poll();
  EXPECT_EQ(held_, true);
}

TEST_F(ConditionTest, a_change_ends_the_wait_only_if_it_makes_the_condition_hold) {
  int value = 0;
  wait([&] { return value == 2; });
  for (const int next : {1, 2}) {
    io_.poll();
    EXPECT_EQ(held_, std::nullopt);
    value = next;
    condition_.changed();
  }
  io_.run();
  EXPECT_EQ(held_, true);
}

TEST_F(ConditionTest, what_held_only_for_a_moment_is_waited_for_again) {
  bool holds = false;
  wait([&] { return holds; });
  io_.poll();
  holds = true;
  condition_.changed();
  holds = false;
  io_.poll();
  EXPECT_EQ(held_, std::nullopt);
  holds = true;
  condition_.changed();
  io_.run();
  EXPECT_EQ(held_, true);
}

TEST_F(ConditionTest, the_deadline_ends_the_wait) {
  wait([] { return false; }, time_.now() + 1ms);
  io_.run();
  EXPECT_EQ(held_, false);
}

}  // namespace
}  // namespace sunder::harness
