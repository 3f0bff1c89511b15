#pragma once
// What the clients experienced, in figures: counts by function and outcome, latency, throughput
// over time, and the pauses in which no operation succeeded.
// Latency is that of ok operations. An operation's latency belongs to the interval in which it was
// invoked (that is when the cluster kept it waiting); its outcome to the one in which it completed.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/history/operation.h"

namespace sunder::results {

/// A refused operation was answered: a cas met another value, a queue was empty (is_refused in
/// checker/history/event.h). In histories it is a `fail`.
struct OutcomeCounts {
  std::uint64_t ok = 0;
  std::uint64_t fail = 0;
  std::uint64_t info = 0;
  std::uint64_t refused = 0;

  std::uint64_t total() const { return ok + refused + fail + info; }
  bool operator==(const OutcomeCounts&) const = default;
};

struct FunctionCounts {
  /// "read", "write", "cas", ...
  std::string f;
  OutcomeCounts counts;
  bool operator==(const FunctionCounts&) const = default;
};

/// By the nearest rank: each is the latency of an operation that took place. Zero without any.
struct LatencyQuantiles {
  history::Time p50{0};
  history::Time p95{0};
  history::Time p99{0};
  history::Time max{0};
  bool operator==(const LatencyQuantiles&) const = default;
};

struct Interval {
  OutcomeCounts completed;
  /// How many ok operations were invoked in it: what `latency` stands on.
  std::uint64_t measured = 0;
  LatencyQuantiles latency;
  bool operator==(const Interval&) const = default;
};

struct TimeSpan {
  history::Time from{0};
  history::Time until{0};

  history::Time length() const { return until - from; }
  bool operator==(const TimeSpan&) const = default;
};

/// A pause between ok answers is called unavailability from this length on.
inline constexpr history::Time unavailability_threshold = std::chrono::milliseconds(500);

struct Statistics {
  OutcomeCounts total;
  /// By name.
  std::vector<FunctionCounts> by_function;
  LatencyQuantiles latency;
  /// From the start of the run to the last invocation or completion.
  history::Time duration{0};
  /// The length of each of `intervals`, which follow one another from the start of the run.
  history::Time interval{0};
  std::vector<Interval> intervals;
  /// Pauses of at least `unavailability_threshold` in which operations were open and none
  /// returned ok. In order of time.
  std::vector<TimeSpan> unavailable;

  /// 0 without any duration.
  double ok_per_second() const;
  /// The longest of `unavailable`, or an empty span.
  TimeSpan longest_unavailability() const;
  bool operator==(const Statistics&) const = default;
};

/// Operations of the nemesis are not counted.
Statistics statistics_of(std::span<const history::Operation> operations);

}  // namespace sunder::results
