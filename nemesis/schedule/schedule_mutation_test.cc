#include "nemesis/schedule/schedule_mutation.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;

TEST(ScheduleMutation, gives_other_schedules_that_can_be_played_and_are_in_order) {
  const auto choices = parse_nemeses("all");
  Schedule schedule = make_schedule(3, parse_nemeses("kill,partition,ambush:voters"), 10s, 2s);
  Random random(5);
  int same = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto other = mutated(schedule, choices, 10s, 2s, random);
    if (other == schedule) ++same;
    ASSERT_FALSE(other.faults.empty());
    EXPECT_TRUE(
        std::is_sorted(other.faults.begin(), other.faults.end(),
                       [](const Fault& left, const Fault& right) { return left.at < right.at; }));
    ASSERT_EQ(schedule_from_json(to_json(other)), other);
    if (other.faults.size() < 40) schedule = other;
  }
  EXPECT_LT(same, 20);
}

TEST(ScheduleMutation, only_a_fault_with_a_trigger_strikes_the_node_of_an_event) {
  const auto choices = parse_nemeses("all");
  Schedule schedule = make_schedule(3, parse_nemeses("ambush"), 10s, 1s);
  Random random(9);
  for (int i = 0; i < 2000; ++i) {
    schedule = mutated(schedule, choices, 10s, 1s, random);
    for (const auto& fault : schedule.faults) {
      EXPECT_TRUE(fault.trigger || !needs_event(fault.target.rule));
    }
    if (schedule.faults.size() > 40) schedule.faults.resize(10);
  }
}

}  // namespace
}  // namespace sunder::nemesis
