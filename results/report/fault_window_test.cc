#include "results/report/fault_window.h"

#include <gmock/gmock.h>

namespace sunder::results {
namespace {

using history::Event;
using history::List;
using history::Object;
using history::Time;
using history::Value;
using testing::ElementsAre;
using testing::IsEmpty;

Event event(std::string f, int milliseconds, int id, List targets = {}) {
  Event made;
  made.process = history::ProcessId::nemesis;
  made.type = history::EventType::info;
  made.f = std::move(f);
  made.time = std::chrono::milliseconds(milliseconds);
  made.value = Object{{"id", id}, {"targets", std::move(targets)}};
  return made;
}

TEST(FaultWindow, a_fault_lasts_until_its_own_heal) {
  const std::vector<Event> events = {
      event("kill", 10, 1, {"n1"}), event("pause", 20, 2, {"n2", "n3"}), event("kill", 25, 3),
      event("heal-kill", 30, 3),    event("heal-pause", 40, 2),          event("heal-kill", 50, 1)};
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
  const std::vector<Event> events = {event("partition", 10, 1)};
  EXPECT_EQ(fault_windows(events).at(0).until, std::nullopt);
}

TEST(FaultWindow, a_heal_of_nothing_is_passed_over) {
  const std::vector<Event> events = {event("heal-kill", 10, 1), event("heal-kill", 20, 1)};
  EXPECT_THAT(fault_windows(events), IsEmpty());
}

TEST(FaultWindow, what_befell_nobody_is_none) {
  const std::vector<Event> events = {event("skip-kill", 10, 1, {"n1"}),
                                     event("disk-report", 20, 2, {"n1"})};
  EXPECT_THAT(fault_windows(events), IsEmpty());
}

TEST(FaultWindow, what_has_no_id_is_a_moment) {
  Event crash = event("crash", 10, 1);
  crash.value = Object{{"node", "n2"}, {"how", "signal 6"}};
  const std::vector<Event> events = {crash};
  const std::vector<FaultWindow> windows = fault_windows(events);
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].until, crash.time);
  EXPECT_THAT(windows[0].targets, ElementsAre("n2"));
}

TEST(FaultWindow, values_of_other_systems_are_taken_as_they_are) {
  Event start = event("start-clock-skew", 10, 1);
  start.value = "n1 by 3 s";
  Event nil = event("kill", 20, 1);
  nil.value = Value();
  const std::vector<Event> events = {start, nil};
  const std::vector<FaultWindow> windows = fault_windows(events);
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_THAT(windows[0].targets, IsEmpty());
  EXPECT_EQ(windows[0].detail, Value("n1 by 3 s"));
}

}  // namespace
}  // namespace sunder::results
