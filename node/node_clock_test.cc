#include "node/node_clock.h"

#include <gtest/gtest.h>

namespace sunder {
namespace {

using namespace std::chrono_literals;
using MachineTime = NodeClock::MachineTime;

constexpr MachineTime noon{1000s};

TEST(NodeClock, shows_the_machines_time_if_it_was_not_set) {
  const NodeClock clock({}, noon);
  EXPECT_EQ(clock.reading(noon + 7s), 1007s);
  EXPECT_EQ(clock.when(1007s), noon + 7s);
  EXPECT_EQ(clock.ahead(noon + 7s), 0s);
}

TEST(NodeClock, is_ahead_or_behind_at_once) {
  NodeClock clock({}, noon);
  clock.set({1, 300ms}, noon + 1s);
  EXPECT_EQ(clock.reading(noon + 1s), 1001s + 300ms);
  clock.set({1, -300ms}, noon + 2s);
  EXPECT_EQ(clock.reading(noon + 2s), 1002s - 300ms);
  EXPECT_EQ(clock.ahead(noon + 5s), -300ms);
}

TEST(NodeClock, a_fast_one_gains_from_when_it_was_set) {
  NodeClock clock({}, noon);
  clock.set({1.5, 0us}, noon + 10s);
  EXPECT_EQ(clock.reading(noon + 12s), 1013s);
  EXPECT_EQ(clock.ahead(noon + 12s), 1s);
  EXPECT_EQ(clock.when(1013s), noon + 12s);
}

TEST(NodeClock, a_timer_on_a_slow_one_comes_late) {
  const NodeClock clock({0.5, 0us}, noon);
  EXPECT_EQ(clock.when(1001s), noon + 2s);
}

TEST(NodeClock, set_right_it_forgets_what_it_gained) {
  NodeClock clock({2, 1s}, noon);
  clock.set({}, noon + 60s);
  EXPECT_EQ(clock.reading(noon + 60s), 1060s);
}

}  // namespace
}  // namespace sunder
