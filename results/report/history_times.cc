#include "results/report/history_times.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sunder::results {

using history::History;
using history::Operation;
using history::Position;
using history::Time;

namespace {

/// No clock is read in equal steps as short as these.
constexpr Time longest_step_of_a_counter = std::chrono::milliseconds(1);
/// A time that is larger, and larger than the whole history is long, counts from another start.
constexpr Time latest_start = std::chrono::hours(1);

bool has_returned(const Operation& operation) {
  return operation.returned != history::never;
}

/// Calls `visit(position, time)` for the events whose time is known until it returns false. Returns
/// whether it never did.
template <typename Visit>
bool for_each_time(const History& history, Visit visit) {
  for (const auto& each : history.operations) {
    if (!visit(each.invoked, each.invoked_at)) return false;
    if (has_returned(each) && !visit(each.returned, each.returned_at)) return false;
  }
  for (const auto& each : history.faults) {
    if (!visit(each.index, each.time)) return false;
  }
  return true;
}

constexpr Time one_microsecond = std::chrono::microseconds(1);
constexpr int least_events = 4;  // two times always have a step, and three may by chance

/// Whether each event is later than the one in front of it by one short step, or by none.
bool has_one_step(const History& history) {
  std::optional<std::pair<Position, Time>> first;
  std::optional<Time> step;
  int events = 0;
  const bool is_even = for_each_time(history, [&](Position position, Time time) {
    ++events;
    if (!first) {
      first = {position, time};
      return true;
    }
    const auto distance = position - first->first;
    if (!step) step = (time - first->second) / distance;
    return *step < longest_step_of_a_counter && time == first->second + distance * *step;
  });
  return is_even && (events >= least_events || !step || *step == Time{0});
}

/// Whether each event is later than the one in front of it by 1 ns or by 1 µs, or not at all.
bool has_unit_steps(const History& history) {
  const auto& operations = history.operations;
  if (operations.back().invoked_at - operations.front().invoked_at >
      one_microsecond * operations.back().invoked) {
    return false;
  }
  std::vector<std::pair<Position, Time>> times;
  for_each_time(history, [&](Position position, Time time) {
    times.emplace_back(position, time);
    return true;
  });
  std::sort(times.begin(), times.end());
  const auto is_no_step = [](const auto& left, const auto& right) {
    const Time step = right.second - left.second;
    return step != Time{0} && step != Time{1} && step != one_microsecond;
  };
  return std::adjacent_find(times.begin(), times.end(), is_no_step) == times.end() &&
         times.size() >= least_events;
}

bool only_counts_events(const History& history) {
  return has_one_step(history) || has_unit_steps(history);
}

/// Of the operations that are over before they began.
const Operation* over_too_early(const History& history) {
  if (!history.time_goes_back) return nullptr;
  const auto found = std::find_if(
      history.operations.begin(), history.operations.end(),
      [](const auto& each) { return has_returned(each) && each.returned_at < each.invoked_at; });
  return found == history.operations.end() ? nullptr : &*found;
}

void shift_times(History& history, Time by) {
  for (auto& each : history.operations) {
    each.invoked_at -= by;
    each.returned_at = std::max(Time{0}, each.returned_at - by);
  }
  for (auto& each : history.faults) each.time -= by;
}

void remove_times(History& history) {
  for (auto& each : history.operations) each.invoked_at = each.returned_at = Time{0};
  for (auto& each : history.faults) each.time = Time{0};
}

}  // namespace

std::string settle_times(History& history) {
  if (history.operations.empty()) return {};
  if (only_counts_events(history)) {
    const bool had_times = has_times(history);
    remove_times(history);
    return had_times ? "the times only number the events, so they are not used" : "";
  }
  if (const auto* operation = over_too_early(history)) {
    auto remark = fmt::format(
        "the times are not used: by them the operation of {} returns before it is invoked",
        history.line_name(operation->invoked));
    remove_times(history);
    return remark;
  }
  auto first = history.operations.front().invoked_at;
  if (first >= Time{0} && first < latest_start && !history.time_goes_back) return {};
  auto last = first;
  for_each_time(history, [&](Position, Time time) {
    first = std::min(first, time);
    last = std::max(last, time);
    return true;
  });
  if (first >= Time{0} && (first < latest_start || first < last - first)) return {};
  shift_times(history, first);
  return fmt::format("times count from the first event, which the file has at {} ns",
                     first.count());
}

bool has_times(const History& history) {
  return !for_each_time(history, [](Position, Time time) { return time == Time{0}; });
}

void show_places_as_times(History& history, checker::Verdict& verdict) {
  const auto time_of = [](Position position) { return std::chrono::milliseconds(position); };
  const auto place = [&](auto& operation) {
    const bool returns = operation.returned != history::never;
    operation.invoked_at = time_of(operation.invoked);
    operation.returned_at = returns ? time_of(operation.returned) : Time{0};
  };
  for (auto& each : history.operations) place(each);
  for (auto& each : history.faults) each.time = time_of(each.index);
  for (auto& check : verdict.checks) {
    if (check.counterexample) {
      for (auto& each : check.counterexample->operations) place(each);
    }
    if (!check.isolation) continue;
    for (auto& anomaly : check.isolation->anomalies) {
      for (auto& each : anomaly.transactions) place(each);
    }
  }
}

}  // namespace sunder::results
