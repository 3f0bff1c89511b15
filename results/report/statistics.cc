#include "results/report/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace sunder::results {

using history::Operation;
using history::Outcome;
using history::Time;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t most_intervals = 300;

bool by_client(const Operation& operation) {
  return operation.process != history::ProcessId::nemesis;
}

/// An info operation has no completion: it stands where it was invoked.
Time completed_at(const Operation& operation) {
  return operation.outcome == Outcome::info ? operation.invoked_at : operation.returned_at;
}

void count(OutcomeCounts& counts, const Operation& operation) {
  switch (operation.outcome) {
    case Outcome::ok:
      ++counts.ok;
      return;
    case Outcome::fail:
      ++(operation.refused ? counts.refused : counts.fail);
      return;
    case Outcome::info:
      ++counts.info;
      return;
  }
}

/// Moves the elements of `latencies`.
LatencyQuantiles quantiles_of(std::vector<Time>& latencies) {
  if (latencies.empty()) return {};
  auto begin = latencies.begin();
  const auto rank = [&](double quantile) {
    const double position = std::ceil(quantile * static_cast<double>(latencies.size()));
    const auto at = latencies.begin() + (static_cast<std::ptrdiff_t>(position) - 1);
    // Those before `begin` are no greater than those behind it.
    if (at >= begin) std::nth_element(begin, at, latencies.end());
    begin = at;
    return *at;
  };
  LatencyQuantiles quantiles{rank(0.50), rank(0.95), rank(0.99), {}};
  quantiles.max = *std::max_element(begin, latencies.end());
  return quantiles;
}

/// A round length that divides `duration` into at most `most_intervals`.
Time interval_for(Time duration) {
  constexpr std::array<Time, 3> steps = {10ms, 20ms, 50ms};
  for (std::int64_t scale = 1;; scale *= 10) {
    for (const Time step : steps) {
      const Time length = step * scale;
      if (duration < length * most_intervals) return length;
    }
  }
}

void fill_intervals(Statistics& statistics, std::span<const Operation> operations) {
  statistics.interval = interval_for(statistics.duration);
  const auto place = [&](Time time) {
    return static_cast<std::size_t>(std::max(time, Time{0}) / statistics.interval);
  };
  const std::size_t size = place(statistics.duration) + 1;
  statistics.intervals.resize(size);
  std::vector<std::vector<Time>> latencies(size);
  for (const Operation& operation : operations) {
    if (!by_client(operation)) continue;
    count(statistics.intervals[place(completed_at(operation))].completed, operation);
    if (operation.outcome != Outcome::ok) continue;
    latencies[place(operation.invoked_at)].push_back(operation.returned_at - operation.invoked_at);
  }
  for (std::size_t i = 0; i < size; ++i) {
    statistics.intervals[i].measured = latencies[i].size();
    statistics.intervals[i].latency = quantiles_of(latencies[i]);
  }
}

/// Walks through the run and finds the pauses in which operations were open and none succeeded.
class AvailabilityWatch {
 public:
  void invoked(Time time, bool will_return) {
    if (!asking_since_) asking_since_ = time;
    if (will_return) ++open_;
  }
  void returned(Time time, bool ok) {
    --open_;
    if (ok) answered(time);
  }
  /// An info operation counts as open only when it is invoked: the time at which its client gave up
  /// is unknown, and a later pause without operations must not count as unavailability.
  std::vector<TimeSpan> finish(Time end) {
    close(end);
    return std::move(unavailable_);
  }

 private:
  void answered(Time time) {
    close(time);
    asking_since_ = open_ > 0 ? std::optional(time) : std::nullopt;
  }
  void close(Time time) {
    if (asking_since_ && time - *asking_since_ >= unavailability_threshold) {
      unavailable_.push_back({*asking_since_, time});
    }
  }

  std::optional<Time> asking_since_;
  std::int64_t open_ = 0;
  std::vector<TimeSpan> unavailable_;
};

std::vector<const Operation*> by_invocation(std::span<const Operation> operations) {
  std::vector<const Operation*> sorted;
  sorted.reserve(operations.size());
  for (const Operation& operation : operations) {
    if (by_client(operation)) sorted.push_back(&operation);
  }
  const auto is_before = [](const Operation* left, const Operation* right) {
    return left->invoked < right->invoked;
  };
  if (!std::is_sorted(sorted.begin(), sorted.end(), is_before)) {
    std::sort(sorted.begin(), sorted.end(), is_before);
  }
  return sorted;
}

std::vector<TimeSpan> unavailability(std::span<const Operation> operations, Time end) {
  using Return = std::pair<history::Position, const Operation*>;
  std::priority_queue<Return, std::vector<Return>, std::greater<>> open;
  AvailabilityWatch watch;
  const auto return_those_before = [&](history::Position position) {
    while (!open.empty() && open.top().first < position) {
      const Operation& operation = *open.top().second;
      watch.returned(operation.returned_at, operation.outcome == Outcome::ok);
      open.pop();
    }
  };
  for (const Operation* operation : by_invocation(operations)) {
    return_those_before(operation->invoked);
    watch.invoked(operation->invoked_at, operation->outcome != Outcome::info);
    if (operation->outcome != Outcome::info) open.emplace(operation->returned, operation);
  }
  return_those_before(history::never);
  return watch.finish(end);
}

}  // namespace

double Statistics::ok_per_second() const {
  const double seconds = std::chrono::duration<double>(duration).count();
  return seconds > 0 ? static_cast<double>(total.ok) / seconds : 0;
}

TimeSpan Statistics::longest_unavailability() const {
  const auto longest = std::max_element(
      unavailable.begin(), unavailable.end(),
      [](const TimeSpan& left, const TimeSpan& right) { return left.length() < right.length(); });
  return longest == unavailable.end() ? TimeSpan{} : *longest;
}

Statistics statistics_of(std::span<const Operation> operations) {
  Statistics statistics;
  std::map<std::string, OutcomeCounts> by_function;
  std::vector<Time> latencies;
  history::Name last;
  OutcomeCounts* of_last = nullptr;
  for (const Operation& operation : operations) {
    if (!by_client(operation)) continue;
    count(statistics.total, operation);
    if (of_last == nullptr || operation.f != last) {
      last = operation.f;
      of_last = &by_function[last];
    }
    count(*of_last, operation);
    statistics.duration =
        std::max({statistics.duration, operation.invoked_at, completed_at(operation)});
    if (operation.outcome == Outcome::ok) {
      latencies.push_back(operation.returned_at - operation.invoked_at);
    }
  }
  for (const auto& [f, counts] : by_function) statistics.by_function.push_back({f, counts});
  statistics.latency = quantiles_of(latencies);
  if (statistics.total.total() == 0) return statistics;
  fill_intervals(statistics, operations);
  statistics.unavailable = unavailability(operations, statistics.duration);
  return statistics;
}

}  // namespace sunder::results
