#include "results/report/fault_window.h"

#include <gmock/gmock.h>

namespace sunder::results {
namespace {

using history::FaultDescription;
using history::FaultHealed;
using history::FaultInjected;
using history::RunEvent;
using history::RunRecord;
using history::Value;
using testing::ElementsAre;
using testing::IsEmpty;

FaultDescription fault(const std::string& kind, int id, std::vector<std::string> targets) {
  return {kind, id, kind, "", {}, std::move(targets)};
}

RunRecord at(int milliseconds, RunEvent event) {
  return {std::chrono::milliseconds(milliseconds), std::move(event)};
}

RunRecord injected(const std::string& kind, int milliseconds, int id,
                   std::vector<std::string> targets = {}) {
  return at(milliseconds, FaultInjected{fault(kind, id, std::move(targets)), {}, {}, {}, {}});
}

RunRecord healed(const std::string& kind, int milliseconds, int id) {
  return at(milliseconds, FaultHealed{fault(kind, id, {})});
}

TEST(FaultWindow, a_fault_lasts_until_its_own_heal) {
  const std::vector<RunRecord> events = {
      injected("kill", 10, 1, {"n1"}), injected("pause", 20, 2, {"n2", "n3"}),
      injected("kill", 25, 3),         healed("kill", 30, 3),
      healed("pause", 40, 2),          healed("kill", 50, 1)};
  const std::vector<FaultWindow> windows = fault_windows(events);
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows[0].kind, "kill");
  EXPECT_EQ(windows[0].from, std::chrono::milliseconds(10));
  EXPECT_EQ(windows[0].until, std::chrono::milliseconds(50));
  EXPECT_THAT(windows[0].targets, ElementsAre("n1"));
  EXPECT_EQ(windows[1].until, std::chrono::milliseconds(40));
  EXPECT_THAT(windows[1].targets, ElementsAre("n2", "n3"));
  EXPECT_EQ(windows[2].until, std::chrono::milliseconds(30));
}

TEST(FaultWindow, a_fault_without_heal_has_no_end) {
  const std::vector<RunRecord> events = {injected("partition", 10, 1)};
  EXPECT_EQ(fault_windows(events).at(0).until, std::nullopt);
}

TEST(FaultWindow, a_heal_of_nothing_is_passed_over) {
  const std::vector<RunRecord> events = {healed("kill", 10, 1), healed("kill", 20, 1)};
  EXPECT_THAT(fault_windows(events), IsEmpty());
}

TEST(FaultWindow, skipped_faults_and_reports_have_none) {
  const std::vector<RunRecord> events = {
      at(10, history::FaultSkipped{fault("kill", 1, {"n1"}), {}, {}, "down"}),
      at(20, history::DiskReport{"n1", "lose_power", {}})};
  EXPECT_THAT(fault_windows(events), IsEmpty());
}

TEST(FaultWindow, a_crash_is_a_moment) {
  const std::vector<RunRecord> events = {at(10, history::Crash{"n2", "signal 6"})};
  const std::vector<FaultWindow> windows = fault_windows(events);
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].until, events[0].time);
  EXPECT_THAT(windows[0].targets, ElementsAre("n2"));
}

TEST(FaultWindow, events_of_other_systems_are_moments_with_their_values) {
  const std::vector<RunRecord> events = {
      at(10, history::UnknownEvent{"start-clock-skew", "n1 by 3 s"}),
      at(20, history::UnknownEvent{"kill", {}})};
  const std::vector<FaultWindow> windows = fault_windows(events);
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_THAT(windows[0].targets, IsEmpty());
  EXPECT_EQ(windows[0].detail, Value("n1 by 3 s"));
}

}  // namespace
}  // namespace sunder::results
