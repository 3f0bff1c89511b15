#include "results/report/history_times.h"

#include <gmock/gmock.h>

#include "results/report/statistics.h"

namespace sunder::results {
namespace {

using history::Event;
using history::EventType;
using history::History;
using history::ProcessId;
using history::Time;
using testing::HasSubstr;
using testing::IsEmpty;

/// One write after the other, each with an invocation and an answer at these times.
History history_at(const std::vector<std::int64_t>& times) {
  history::OperationBuilder builder("h.jsonl");
  for (std::size_t i = 0; i < times.size(); ++i) {
    Event event;
    event.time = Time(times[i]);
    event.type = i % 2 == 0 ? EventType::invoke : EventType::ok;
    event.f = "write";
    event.value = 1;
    builder.add(event, static_cast<std::int64_t>(i) + 1);
  }
  return builder.finish({});
}

TEST(HistoryTimes, times_of_a_clock_stay_as_they_are) {
  auto history = history_at({1'000'003, 2'500'000, 7'000'001, 9'999'999});
  EXPECT_THAT(settle_times(history), IsEmpty());
  EXPECT_TRUE(has_times(history));
  EXPECT_EQ(history.operations[1].invoked_at, Time(7'000'001));
}

TEST(HistoryTimes, a_file_without_times_has_none_and_nothing_is_said) {
  auto history = history_at({0, 0, 0, 0, 0, 0});
  EXPECT_THAT(settle_times(history), IsEmpty());
  EXPECT_FALSE(has_times(history));
}

TEST(HistoryTimes, numbers_of_events_are_no_times) {
  for (const std::vector<std::int64_t>& times : {std::vector<std::int64_t>{1, 2, 3, 4},
                                                 {0, 1000, 2000, 3000},
                                                 {-2, -1, 0, 1000, 2000, 3000},
                                                 {5, 5, 5, 5},
                                                 {0, 500'000, 1'000'000, 1'500'000}}) {
    auto history = history_at(times);
    EXPECT_THAT(settle_times(history), HasSubstr("number the events")) << times[1];
    EXPECT_FALSE(has_times(history));
  }
}

TEST(HistoryTimes, events_a_millisecond_apart_may_be_times) {
  auto history = history_at({0, 1'000'000, 2'000'000, 3'000'000});
  EXPECT_THAT(settle_times(history), IsEmpty());
  EXPECT_TRUE(has_times(history));
}

TEST(HistoryTimes, an_operation_that_returns_before_it_begins_takes_all_times_away) {
  auto history = history_at({9'000'000, 2'000'000, 13'000'000, 14'500'000});
  EXPECT_THAT(settle_times(history), HasSubstr("the operation of line 1 returns before"));
  EXPECT_FALSE(has_times(history));
}

TEST(HistoryTimes, times_of_the_wall_clock_count_from_the_first_event) {
  constexpr std::int64_t start = 1'700'000'000'000'000'000;
  auto history = history_at({start, start + 2'000'000, start + 5'000'000, start + 9'000'000});
  EXPECT_THAT(settle_times(history), HasSubstr("at 1700000000000000000 ns"));
  EXPECT_EQ(history.operations[0].invoked_at, Time(0));
  EXPECT_EQ(history.operations[1].returned_at, Time(9'000'000));
  EXPECT_EQ(statistics_of(history.operations).duration, Time(9'000'000));
}

TEST(HistoryTimes, places_stand_for_the_times_that_are_not_there) {
  auto history = history_at({0, 0, 0, 0});
  checker::Verdict verdict;
  verdict.checks.emplace_back().counterexample.emplace().operations = {history.operations[1]};
  show_places_as_times(history, verdict);
  EXPECT_EQ(history.operations[1].returned_at, std::chrono::milliseconds(3));
  EXPECT_EQ(verdict.checks[0].counterexample->operations[0].invoked_at,
            std::chrono::milliseconds(2));
}

}  // namespace
}  // namespace sunder::results
