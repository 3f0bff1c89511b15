#pragma once
// The invocations and returns of one object's operations, in order: what a lazy sweep walks.

#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/place.h"

namespace sunder::checker {

struct TimelineEvent {
  history::Position at;
  Place place;
  bool is_return;
};

/// Of all operations but void ones. Operations that need not happen have no return.
std::vector<TimelineEvent> timeline_of(std::span<const history::Operation* const> operations,
                                       Budget& budget);

/// Whether an operation may lapse at a certain moment, as at the edge of a window. The procedures
/// of this folder leave such histories to the search.
bool any_may_lapse(std::span<const history::Operation* const> operations);

}  // namespace sunder::checker
