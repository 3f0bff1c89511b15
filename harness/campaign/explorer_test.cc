#include "harness/campaign/explorer.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sunder::harness::campaign {
namespace {

using namespace std::chrono_literals;
using checker::raft::StateSet;

Explorer make_explorer(const char* nemeses) {
  return Explorer({nemesis::parse_nemeses(nemeses), 10s, 2s, 7});
}

bool has(const nemesis::Schedule& schedule, std::string_view kind) {
  return std::any_of(schedule.faults.begin(), schedule.faults.end(),
                     [kind](const auto& fault) { return nemesis::nemesis_of(fault) == kind; });
}

TEST(Explorer, the_same_seed_and_the_same_lessons_give_the_same_schedules) {
  auto one = make_explorer("kill,pause,partition,ambush:figure-8");
  auto other = make_explorer("kill,pause,partition,ambush:figure-8");
  std::uint64_t state = 0;
  for (int i = 0; i < 50; ++i) {
    const auto schedule = one.propose();
    EXPECT_EQ(schedule, other.propose());
    const StateSet states{++state};
    one.learn(schedule, states);
    other.learn(schedule, states);
  }
}

TEST(Explorer, draws_every_kind_and_rather_those_that_show_something_new) {
  auto explorer = make_explorer("kill,pause,partition,clock,cut,reset,throttle,corrupt");
  std::uint64_t state = 0;
  int pauses = 0;
  int clocks = 0;
  for (int i = 0; i < 300; ++i) {
    const auto schedule = explorer.propose();
    if (has(schedule, "pause")) ++pauses;
    if (has(schedule, "clock")) ++clocks;
    StateSet states;
    if (has(schedule, "pause")) {
      for (int j = 0; j < 10; ++j) states.insert(++state);
    }
    explorer.learn(schedule, states);
  }
  EXPECT_GT(clocks, 10);
  EXPECT_GT(pauses, clocks * 3 / 2) << clocks;
}

TEST(Explorer, whatever_it_proposes_can_be_played) {
  auto explorer = make_explorer("all");
  std::uint64_t state = 0;
  for (int i = 0; i < 300; ++i) {
    const auto schedule = explorer.propose();
    ASSERT_FALSE(schedule.faults.empty());
    EXPECT_EQ(nemesis::schedule_from_json(nemesis::to_json(schedule)), schedule);
    explorer.learn(schedule, {++state});
  }
}

}  // namespace
}  // namespace sunder::harness::campaign
