#pragma once
// Decides a list to which elements are appended repeatedly, exactly. The longest read gives the
// order; which append of an element stands in which of its spots is open. spine_moments.h finds the
// earliest moment of each spot. Then each spot takes the open append that returns first.
// Surprise: no choice is ever taken back. The moments are a least solution, and whatever is wrong
// with them is wrong with all others.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the operations of one key, sorted by invocation. Ignores failed ones. Not applicable if
/// an append that may have lapsed had a last moment.
FastAnswer decide_by_repeated_list(std::span<const history::Operation* const> operations,
                                   Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
