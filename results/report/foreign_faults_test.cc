#include "results/report/foreign_faults.h"

#include <gmock/gmock.h>

namespace sunder::results {
namespace {

using history::Event;
using history::Time;
using testing::ElementsAre;
using testing::IsEmpty;

Event event(int milliseconds, std::string name, history::Value value = {}) {
  Event made;
  made.process = history::ProcessId::nemesis;
  made.type = history::EventType::info;
  made.time = std::chrono::milliseconds(milliseconds);
  made.f = std::move(name);
  made.value = std::move(value);
  return made;
}

/// "kill 10-40", "crash 5", "start 7-"
std::vector<std::string> windows_of(const std::vector<Event>& events) {
  const auto in_milliseconds = [](Time time) {
    return std::to_string(time / std::chrono::milliseconds(1));
  };
  std::vector<std::string> texts;
  for (const auto& each : foreign_faults(events).windows) {
    auto text = each.kind + " " + in_milliseconds(each.from);
    if (each.is_fault) text += "-" + (each.until ? in_milliseconds(*each.until) : "");
    if (!each.is_fault && *each.until != each.from) text += " to " + in_milliseconds(*each.until);
    texts.push_back(text);
  }
  return texts;
}

TEST(ForeignFaults, the_usual_pairs_of_names_are_bands) {
  EXPECT_THAT(windows_of({event(1, "start"), event(5, "stop")}), ElementsAre("start 1-5"));
  EXPECT_THAT(windows_of({event(1, "kill"), event(5, "start")}), ElementsAre("kill 1-5"));
  EXPECT_THAT(windows_of({event(1, "start-partition"), event(3, "pause"), event(5, "resume"),
                          event(7, "stop-partition")}),
              ElementsAre("start-partition 1-7", "pause 3-5"));
  EXPECT_THAT(windows_of({event(1, "skew-start"), event(5, "skew-stop")}),
              ElementsAre("skew-start 1-5"));
  EXPECT_THAT(windows_of({event(1, "bump-clock"), event(5, "reset-clock")}),
              ElementsAre("bump-clock 1-5"));
  EXPECT_THAT(windows_of({event(1, "slow-disk"), event(5, "heal-slow-disk")}),
              ElementsAre("slow-disk 1-5"));
}

TEST(ForeignFaults, of_start_and_stop_the_first_in_the_file_begins) {
  EXPECT_THAT(windows_of({event(1, "stop"), event(5, "start")}), ElementsAre("stop 1-5"));
}

TEST(ForeignFaults, other_names_are_moments_as_they_stand) {
  EXPECT_THAT(windows_of({event(1, "crash"), event(2, "flip table"), event(3, "recovery"),
                          event(4, "stall-report")}),
              ElementsAre("crash 1", "flip table 2", "recovery 3", "stall-report 4"));
}

TEST(ForeignFaults, what_the_file_does_not_end_has_no_end) {
  EXPECT_THAT(windows_of({event(1, "start-partition")}), ElementsAre("start-partition 1-"));
}

TEST(ForeignFaults, an_end_without_a_beginning_is_a_moment) {
  EXPECT_THAT(windows_of({event(1, "start"), event(2, "stop"), event(9, "stop")}),
              ElementsAre("start 1-2", "stop 9"));
}

TEST(ForeignFaults, actions_that_are_filed_twice_last_from_the_first_to_the_second) {
  EXPECT_THAT(windows_of({event(1, "start"), event(2, "start"), event(5, "stop"), event(6, "stop"),
                          event(7, "check"), event(9, "check")}),
              ElementsAre("start 1-6", "check 7 to 9"));
}

TEST(ForeignFaults, a_second_beginning_belongs_to_the_band_that_is_open) {
  const std::vector events = {event(1, "kill", "n1"), event(2, "kill", "n2"), event(3, "wait"),
                              event(5, "start", "all")};
  EXPECT_THAT(windows_of(events), ElementsAre("kill 1-5", "wait 3"));
  EXPECT_THAT(foreign_faults(events).windows[0].said, ElementsAre("n1", "n2", "start: all"));
}

TEST(ForeignFaults, values_are_texts_without_control_characters) {
  const auto faults = foreign_faults(std::vector{event(1, "a", history::List{1, "x"}),
                                                 event(2, "b", "\x1b[31m<script>"), event(3, "c")});
  EXPECT_THAT(faults.windows[0].said, ElementsAre(R"([1,"x"])"));
  EXPECT_THAT(faults.windows[1].said, ElementsAre("\\u001b[31m<script>"));
  EXPECT_THAT(faults.windows[2].said, IsEmpty());
}

TEST(ForeignFaults, too_many_events_are_left_out_and_counted) {
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) events.push_back(event(i, "name" + std::to_string(i)));
  const auto names = foreign_faults(events);
  EXPECT_EQ(names.windows.size(), most_foreign_names);
  EXPECT_EQ(names.events_left_out, 100 - most_foreign_names);
  events.clear();
  for (int i = 0; i < 2001; ++i) {
    events.push_back(event(i, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c"));
  }
  const auto many = foreign_faults(events);
  EXPECT_EQ(many.windows.size() + many.events_left_out, 2001u);
  EXPECT_EQ(many.events_left_out, 1u);
}

}  // namespace
}  // namespace sunder::results
