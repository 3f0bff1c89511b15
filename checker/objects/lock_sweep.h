#pragma once
// Decides a mutex or semaphore whose permits have no owners, exactly, in O(n log n): a lazy sweep.
// An operation takes effect when it returns, or when one of the other kind that returns needs it.
// Of several that could, the one that must return first goes first, and crashed ones go last.
// Surprise: the proof is an interval in which more operations of a kind had to happen than those of
// the other kind and the permits allow. If it counts many, it is said, and only a few are shown.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the "acquire" and "release" of one key, sorted by invocation. Ignores void ones. Not
/// applicable if an operation may lapse at a certain moment.
FastAnswer decide_by_lock_sweep(std::span<const history::Operation* const> operations,
                                std::int64_t permits, Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
