#include "checker/objects/timeline.h"

#include <algorithm>

namespace sunder::checker {

using history::Operation;

std::vector<TimelineEvent> timeline_of(std::span<const Operation* const> operations,
                                       Budget& budget) {
  std::vector<TimelineEvent> returns;
  std::size_t invocations = 0;
  for (Place place = 0; place < operations.size(); ++place) {
    budget.spend();
    const auto& operation = *operations[place];
    if (is_void(operation)) continue;
    ++invocations;
    if (must_happen(operation)) returns.push_back({operation.returned, place, true});
  }
  std::sort(
      returns.begin(), returns.end(),
      [](const TimelineEvent& left, const TimelineEvent& right) { return left.at < right.at; });
  budget.expect((invocations + returns.size()) * sizeof(TimelineEvent));
  std::vector<TimelineEvent> moments;
  moments.reserve(invocations + returns.size());
  auto next = returns.begin();
  for (Place place = 0; place < operations.size(); ++place) {
    const auto& operation = *operations[place];
    if (is_void(operation)) continue;
    for (; next != returns.end() && next->at < operation.invoked; ++next) moments.push_back(*next);
    moments.push_back({operation.invoked, place, false});
  }
  moments.insert(moments.end(), next, returns.end());
  return moments;
}

bool any_may_lapse(std::span<const Operation* const> operations) {
  return std::any_of(operations.begin(), operations.end(), [](const Operation* each) {
    return !is_void(*each) && !must_happen(*each) && each->returned != history::never;
  });
}

}  // namespace sunder::checker
