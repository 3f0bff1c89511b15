#include "checker/history/event_order.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace sunder::history {

namespace {

struct Moment {
  Position position = 0;
  Time time{0};
  bool is_return = false;
};

/// A failed operation has no effect. If it has no answer either, its place among the others does
/// not matter.
bool matters(const Operation& operation) {
  return operation.outcome != Outcome::fail || (operation.answer && operation.answer->found);
}

/// Invocations and returns of the clients, by position.
std::vector<Moment> moments_of(const History& history) {
  std::vector<Moment> moments;
  moments.reserve(2 * history.operations.size());
  for (const auto& operation : history.operations) {
    if (!matters(operation)) continue;
    moments.push_back({operation.invoked, operation.invoked_at, false});
    if (operation.returned != never) {
      moments.push_back({operation.returned, operation.returned_at, true});
    }
  }
  std::sort(moments.begin(), moments.end(),
            [](const Moment& left, const Moment& right) { return left.position < right.position; });
  return moments;
}

bool has_times(const std::vector<Moment>& moments) {
  return std::any_of(moments.begin(), moments.end(),
                     [](const Moment& moment) { return moment.time != Time{0}; });
}

[[noreturn]] void refuse(const History& history, const Moment& returned, const Moment& invoked) {
  const auto first = history.place_of(returned.position).line;
  const auto second = history.place_of(invoked.position).line;
  const bool by_lines = returned.position < invoked.position;
  throw AssumptionBroken(
      history.place_of(returned.position),
      fmt::format(
          "the order of the lines and the times contradict each other: the operation that "
          "returns on line {} was over before that of line {} was invoked by {}, not by {}. "
          "Say which order is right: --order lines or --order time",
          first, second, by_lines ? "the lines" : "time", by_lines ? "time" : "the lines"));
}

/// `moments` are in one order, `at` is the place in the other. Of all pairs of a return and an
/// invocation behind it, finds one whose order is the opposite there. It is enough to compare each
/// invocation with the return before it that is latest in the other order.
template <typename At>
void refuse_if_broken(const History& history, const std::vector<Moment>& moments, At at) {
  const Moment* latest = nullptr;
  for (const auto& moment : moments) {
    if (moment.is_return) {
      if (latest == nullptr || at(*latest) < at(moment)) latest = &moment;
    } else if (latest != nullptr && at(moment) < at(*latest)) {
      refuse(history, *latest, moment);
    }
  }
}

}  // namespace

void require_one_order(History& history) {
  auto moments = moments_of(history);
  if (!has_times(moments)) return;
  refuse_if_broken(history, moments, [](const Moment& moment) { return moment.time; });
  const auto earlier = [](const Moment& left, const Moment& right) {
    if (left.time != right.time) return left.time < right.time;
    return !left.is_return && right.is_return;
  };
  const auto back = std::adjacent_find(
      moments.begin(), moments.end(),
      [](const auto& left, const auto& right) { return right.time < left.time; });
  if (back == moments.end()) return;
  const auto line = history.place_of((back + 1)->position).line;
  std::stable_sort(moments.begin(), moments.end(), earlier);
  refuse_if_broken(history, moments, [](const Moment& moment) { return moment.position; });
  history.warnings.push_back(
      fmt::format("{}:{}: the time goes back, which changes no operation's place among the others",
                  history.source, line));
}

void sort_by_time(std::vector<LinedEvent>& events) {
  const auto time_of = [](const LinedEvent& event) { return event.first.time; };
  std::stable_sort(events.begin(), events.end(), [&](const auto& left, const auto& right) {
    return time_of(left) < time_of(right);
  });
  // How many events of its process, of the same time, an event stands behind, invocations counted
  // from the even ones on: 0 an invocation, 1 a completion, 2 the next invocation, ...
  std::vector<std::pair<std::size_t, std::size_t>> ranks;
  std::map<ProcessId, std::size_t> next;
  std::vector<LinedEvent> sorted;
  sorted.reserve(events.size());
  for (auto begin = events.begin(); begin != events.end();) {
    const auto end = std::find_if(begin, events.end(), [&](const LinedEvent& event) {
      return time_of(event) != time_of(*begin);
    });
    ranks.clear();
    next.clear();
    for (auto event = begin; event != end; ++event) {
      auto& rank = next[event->first.process];
      const bool completes = event->first.type != EventType::invoke;
      if ((rank % 2 == 1) != completes) ++rank;
      ranks.emplace_back(rank++, static_cast<std::size_t>(event - begin));
    }
    std::sort(ranks.begin(), ranks.end());
    for (const auto& [rank, at] : ranks) {
      sorted.push_back(std::move(*(begin + static_cast<std::ptrdiff_t>(at))));
    }
    begin = end;
  }
  events = std::move(sorted);
}

}  // namespace sunder::history
