#include "checker/history/event_order.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace sunder::history {

namespace {

/// A failed operation has no effect. If it has no answer either, its place among the others does
/// not matter.
bool matters(const Operation& operation) {
  return operation.outcome != Outcome::fail || (operation.answer && operation.answer->found);
}

[[noreturn]] void refuse(const History& history, const Operation& first, const Operation& second) {
  throw AssumptionBroken(
      history.place_of(first.returned),
      fmt::format(
          "the order of the lines and the times contradict each other: by the lines the "
          "operation that returns on line {} was over before that of line {} was invoked, by "
          "the times the other way round. Say which order is right: --order lines or "
          "--order time",
          history.place_of(first.returned).line, history.place_of(second.invoked).line));
}

/// The operations that returned, by their return.
std::vector<const Operation*> by_return(const History& history) {
  std::vector<const Operation*> returned;
  for (const auto& operation : history.operations) {
    if (operation.returned != never && matters(operation)) returned.push_back(&operation);
  }
  std::sort(returned.begin(), returned.end(), [](const Operation* left, const Operation* right) {
    return left->returned < right->returned;
  });
  return returned;
}

/// An operation contradicts one that was over before it by the lines if it was over before that one
/// was invoked by the times. It is enough to compare each with the one that was invoked last by the
/// times.
void refuse_reversals(const History& history) {
  const auto returned = by_return(history);
  auto next = returned.begin();
  const Operation* last = nullptr;
  for (const auto& operation : history.operations) {
    for (; next != returned.end() && (*next)->returned < operation.invoked; ++next) {
      if (last == nullptr || last->invoked_at < (*next)->invoked_at) last = *next;
    }
    const bool is_over = operation.returned != never && matters(operation);
    if (is_over && last != nullptr && operation.returned_at < last->invoked_at) {
      refuse(history, *last, operation);
    }
  }
}

/// The place of an event in the order of times. Events are large, so only their moments are sorted.
struct Moment {
  Time time;
  /// How many events of its process, of the same time, it stands behind, invocations counted from
  /// the even ones on: 0 an invocation, 1 a completion, 2 the next invocation, ...
  std::size_t rank;
  std::size_t at;

  auto operator<=>(const Moment&) const = default;
};

/// Sorts events of one time, which are in the order of their lines.
void rank(std::vector<Moment>::iterator begin, std::vector<Moment>::iterator end,
          const std::vector<LinedEvent>& events) {
  std::map<ProcessId, std::size_t> next;
  for (auto moment = begin; moment != end; ++moment) {
    const auto& event = events[moment->at].first;
    auto& own = next[event.process];
    const bool completes = event.type != EventType::invoke;
    if ((own % 2 == 1) != completes) ++own;
    moment->rank = own++;
  }
  std::sort(begin, end);
}

}  // namespace

void require_one_order(History& history) {
  if (history.index_goes_back) {
    const auto place = history.place_of(*history.index_goes_back);
    throw AssumptionBroken(
        place,
        fmt::format("the order of the lines and the indices contradict each other: the index "
                    "of line {} is less than that of a line before it. Say which order is "
                    "right: --order lines or --order time",
                    place.line));
  }
  if (!history.time_goes_back) return;
  refuse_reversals(history);
  history.warnings.push_back(fmt::format("{}:{}: the time goes back; the order of the lines counts",
                                         history.source,
                                         history.place_of(*history.time_goes_back).line));
}

void sort_by_time(std::vector<LinedEvent>& events) {
  std::vector<Moment> moments;
  moments.reserve(events.size());
  for (const auto& [event, line] : events) moments.push_back({event.time, 0, moments.size()});
  std::sort(moments.begin(), moments.end());
  for (auto begin = moments.begin(); begin != moments.end();) {
    const auto end = std::find_if(begin, moments.end(),
                                  [&](const Moment& moment) { return moment.time != begin->time; });
    if (end - begin > 1) rank(begin, end, events);
    begin = end;
  }
  const auto is_in_place = [&](const Moment& moment) { return &moment == &moments[moment.at]; };
  if (std::all_of(moments.begin(), moments.end(), is_in_place)) return;
  std::vector<LinedEvent> sorted;
  sorted.reserve(events.size());
  for (const auto& moment : moments) sorted.push_back(std::move(events[moment.at]));
  events = std::move(sorted);
}

TouchingOperations::TouchingOperations(const std::vector<LinedEvent>& sorted)
    : moved_to_(sorted.size()) {
  const auto completes = [](const Event& event) {
    return event.process != ProcessId::nemesis && event.type != EventType::invoke;
  };
  for (std::size_t begin = 0; begin < sorted.size();) {
    auto end = begin;
    std::size_t invocations = 0;
    for (; end < sorted.size() && sorted[end].first.time == sorted[begin].first.time; ++end) {
      if (!completes(sorted[end].first)) ++invocations;
    }
    auto invocation = static_cast<Position>(begin);
    auto completion = static_cast<Position>(begin + invocations);
    for (; begin < end; ++begin) {
      moved_to_[begin] = completes(sorted[begin].first) ? completion++ : invocation++;
      moves_ = moves_ || moved_to_[begin] != static_cast<Position>(begin);
    }
  }
}

void TouchingOperations::overlap(History& history) const {
  if (!moves_) return;
  const auto moved = [&](Position position) {
    return moved_to_[static_cast<std::size_t>(position)];
  };
  std::vector<std::int64_t> lines(moved_to_.size());
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto position = static_cast<Position>(at);
    lines[static_cast<std::size_t>(moved(position))] =
        history.lines.empty() ? position + 1 : history.lines[at];
  }
  history.lines = std::move(lines);
  for (auto& operation : history.operations) {
    operation.invoked = moved(operation.invoked);
    if (operation.returned != never) operation.returned = moved(operation.returned);
  }
  for (auto& fault : history.faults) fault.index = moved(fault.index);
  std::sort(
      history.operations.begin(), history.operations.end(),
      [](const Operation& left, const Operation& right) { return left.invoked < right.invoked; });
}

}  // namespace sunder::history
