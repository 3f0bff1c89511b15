#include "nemesis/kinds/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/nemesis_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct ClockTest : NemesisFixture {
  static Fault wrong_clock(int id, std::vector<NodeId> nodes, ClockSetting setting,
                           Duration duration = 1ms) {
    return {.id = id,
            .action = ClockFault{setting},
            .target = {TargetRule::nodes, std::move(nodes)},
            .duration = duration};
  }
};

TEST_F(ClockTest, clocks_are_set_wrong_and_then_right) {
  play({wrong_clock(1, {n2, n4}, {1.5, -300ms})});
  EXPECT_THAT(cluster.calls, ElementsAre("clock n2: 1.5 -300ms", "clock n4: 1.5 -300ms",
                                         "clock n2: 1 0ms", "clock n4: 1 0ms"));
  EXPECT_THAT(functions(), ElementsAre("clock", "heal-clock"));
}

TEST_F(ClockTest, a_clock_is_wrong_in_one_way_at_a_time) {
  play({wrong_clock(1, {n2}, {2, 0ms}, 30ms), wrong_clock(2, {n2}, {1, 5ms}, 60ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("clock n2: 2 0ms", "clock n2: 1 0ms", "clock n2: 1 5ms",
                                         "clock n2: 1 0ms"));
}

TEST_F(ClockTest, a_system_whose_clocks_have_no_rates_skips_those) {
  cluster.clock_rates_can_be_set = false;
  play({wrong_clock(1, {n2}, {2, 0ms}), wrong_clock(2, {n3}, {1, 40ms})});
  EXPECT_THAT(cluster.calls, ElementsAre("clock n3: 1 40ms", "clock n3: 1 0ms"));
  EXPECT_THAT(functions(), testing::Contains("skip-clock"));
}

TEST_F(ClockTest, a_system_that_goes_by_the_machines_clock_skips_them) {
  cluster.clocks_can_be_set = false;
  play({wrong_clock(1, {n2}, {2, 0ms})});
  EXPECT_THAT(functions(), ElementsAre("skip-clock"));
  EXPECT_THAT(cluster.calls, ElementsAre());
}

}  // namespace
}  // namespace sunder::nemesis
