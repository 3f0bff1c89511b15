#pragma once
// Decides a list to which elements are appended repeatedly, in O(n log n). The longest read gives
// the order; which append of an element stands at which of its places is open. So it looks at both
// sides. No: even if the k-th place of an element were taken by its k-th append to be invoked and
// by the k-th to return, some moment does not fit. Yes: the appends of each element can be given to
// its places, the first to return first, and then all fit. Either answer is exact. Between both it
// does not apply.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the operations of one key, sorted by invocation. Ignores failed ones. Not applicable if
/// neither side decides, or an append that may have lapsed had a last moment.
FastAnswer decide_by_repeated_list(std::span<const history::Operation* const> operations,
                                   Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
