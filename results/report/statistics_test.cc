#include "results/report/statistics.h"

#include <chrono>

#include <gmock/gmock.h>

namespace sunder::results {
namespace {

using history::Operation;
using history::Outcome;
using history::ProcessId;
using history::Time;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// Positions in the order of times, as a recorder gives them: milliseconds, invocations even.
Operation operation(Outcome outcome, std::chrono::milliseconds from,
                    std::chrono::milliseconds until, std::string_view f = "read") {
  Operation made;
  made.f = f;
  made.outcome = outcome;
  made.invoked_at = from;
  made.invoked = 2 * from.count();
  if (outcome != Outcome::info) {
    made.returned_at = until;
    made.returned = 2 * until.count() + 1;
  }
  return made;
}

TEST(Statistics, an_empty_history_has_empty_figures) {
  const Statistics statistics = statistics_of({});
  EXPECT_EQ(statistics, Statistics{});
  EXPECT_EQ(statistics.ok_per_second(), 0);
  EXPECT_EQ(statistics.longest_unavailability(), TimeSpan{});
}

TEST(Statistics, operations_are_counted_by_function_and_outcome) {
  const std::vector<Operation> operations = {
      operation(Outcome::ok, 0ms, 1ms, "write"), operation(Outcome::ok, 1ms, 2ms, "read"),
      operation(Outcome::fail, 2ms, 3ms, "cas"), operation(Outcome::info, 3ms, 0ms, "write")};
  const Statistics statistics = statistics_of(operations);
  EXPECT_EQ(statistics.total, (OutcomeCounts{2, 1, 1}));
  EXPECT_THAT(statistics.by_function,
              ElementsAre(FunctionCounts{"cas", {0, 1, 0}}, FunctionCounts{"read", {1, 0, 0}},
                          FunctionCounts{"write", {1, 0, 1}}));
}

TEST(Statistics, the_nemesis_is_not_a_client) {
  std::vector<Operation> operations = {operation(Outcome::info, 5ms, 0ms, "kill")};
  operations.front().process = ProcessId::nemesis;
  EXPECT_EQ(statistics_of(operations), Statistics{});
}

TEST(Statistics, quantiles_are_latencies_that_occurred) {
  std::vector<Operation> operations;
  for (int i = 1; i <= 200; ++i) {
    operations.push_back(operation(Outcome::ok, 1000ms, 1000ms + std::chrono::milliseconds(i)));
  }
  EXPECT_EQ(statistics_of(operations).latency, (LatencyQuantiles{100ms, 190ms, 198ms, 200ms}));
  operations.resize(1);
  EXPECT_EQ(statistics_of(operations).latency, (LatencyQuantiles{1ms, 1ms, 1ms, 1ms}));
}

TEST(Statistics, only_ok_operations_have_a_latency) {
  const std::vector<Operation> operations = {operation(Outcome::ok, 0ms, 2ms),
                                             operation(Outcome::fail, 0ms, 900ms),
                                             operation(Outcome::info, 0ms, 0ms)};
  EXPECT_EQ(statistics_of(operations).latency.max, 2ms);
}

TEST(Statistics, latency_belongs_to_the_invocation_and_the_count_to_the_completion) {
  const std::vector<Operation> operations = {operation(Outcome::ok, 5ms, 25ms),
                                             operation(Outcome::info, 12ms, 0ms)};
  const Statistics statistics = statistics_of(operations);
  ASSERT_EQ(statistics.interval, 10ms);
  ASSERT_EQ(statistics.intervals.size(), 3u);
  EXPECT_EQ(statistics.intervals[0].measured, 1u);
  EXPECT_EQ(statistics.intervals[0].latency.p50, 20ms);
  EXPECT_EQ(statistics.intervals[0].completed, (OutcomeCounts{0, 0, 0}));
  EXPECT_EQ(statistics.intervals[1].completed, (OutcomeCounts{0, 0, 1}));
  EXPECT_EQ(statistics.intervals[2].completed, (OutcomeCounts{1, 0, 0}));
  EXPECT_EQ(statistics.intervals[2].measured, 0u);
}

TEST(Statistics, intervals_are_round_and_never_too_many) {
  const auto interval_of = [](std::chrono::milliseconds duration) {
    const std::vector<Operation> operations = {operation(Outcome::ok, 0ms, duration)};
    const Statistics statistics = statistics_of(operations);
    EXPECT_LE(statistics.intervals.size(), 300u);
    return statistics.interval;
  };
  EXPECT_EQ(interval_of(2999ms), 10ms);
  EXPECT_EQ(interval_of(3000ms), 20ms);
  EXPECT_EQ(interval_of(30s), 200ms);
  EXPECT_EQ(interval_of(1h), 20s);
  EXPECT_EQ(interval_of(48h), 1000s);
}

TEST(Statistics, throughput_is_ok_operations_over_the_whole_run) {
  const std::vector<Operation> operations = {operation(Outcome::ok, 0ms, 1ms),
                                             operation(Outcome::ok, 1ms, 500ms)};
  EXPECT_DOUBLE_EQ(statistics_of(operations).ok_per_second(), 4);
}

TEST(Unavailability, a_pause_between_answers_while_somebody_waits_is_unavailability) {
  const std::vector<Operation> operations = {
      operation(Outcome::ok, 0ms, 10ms), operation(Outcome::fail, 5ms, 700ms),
      operation(Outcome::ok, 20ms, 900ms), operation(Outcome::ok, 901ms, 1000ms)};
  const Statistics statistics = statistics_of(operations);
  EXPECT_THAT(statistics.unavailable, ElementsAre(TimeSpan{10ms, 900ms}));
  EXPECT_EQ(statistics.longest_unavailability().length(), 890ms);
}

TEST(Unavailability, silence_is_no_unavailability_while_nobody_asks) {
  const std::vector<Operation> operations = {operation(Outcome::ok, 0ms, 10ms),
                                             operation(Outcome::ok, 5000ms, 5010ms)};
  EXPECT_THAT(statistics_of(operations).unavailable, IsEmpty());
}

TEST(Unavailability, a_crashed_operation_asks_only_when_it_is_invoked) {
  const std::vector<Operation> operations = {operation(Outcome::info, 0ms, 0ms),
                                             operation(Outcome::ok, 600ms, 610ms),
                                             operation(Outcome::ok, 5000ms, 5010ms)};
  EXPECT_THAT(statistics_of(operations).unavailable, ElementsAre(TimeSpan{0ms, 610ms}));
}

TEST(Unavailability, it_may_last_to_the_end) {
  const std::vector<Operation> operations = {operation(Outcome::ok, 0ms, 10ms),
                                             operation(Outcome::fail, 20ms, 3000ms)};
  const Statistics statistics = statistics_of(operations);
  EXPECT_THAT(statistics.unavailable, ElementsAre(TimeSpan{20ms, 3000ms}));
}

TEST(Unavailability, the_longest_is_not_the_last) {
  const std::vector<Operation> operations = {operation(Outcome::ok, 0ms, 2000ms),
                                             operation(Outcome::ok, 2100ms, 2700ms),
                                             operation(Outcome::ok, 2800ms, 2900ms)};
  const Statistics statistics = statistics_of(operations);
  EXPECT_THAT(statistics.unavailable, ElementsAre(TimeSpan{0ms, 2000ms}, TimeSpan{2100ms, 2700ms}));
  EXPECT_EQ(statistics.longest_unavailability(), (TimeSpan{0ms, 2000ms}));
}

}  // namespace
}  // namespace sunder::results
