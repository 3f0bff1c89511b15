#pragma once
// Decides a counter whose adds are all of one amount, exactly, in O(n log n): a lazy sweep. An add
// takes effect when it returns, or when a read that returns needs it; the one that must return
// first goes first, crashed ones last. If all amounts have one sign, the same sweep over parts of
// adds finds contradictions, and only those: to pack amounts exactly is NP-hard.
// Surprise: the proof is two reads and what had to be added in between. If that counts many adds,
// it is said, and only the reads are shown.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the "add" and "read" of one key, sorted by invocation. Ignores void ones. Not applicable
/// if an operation may lapse at a certain moment, if an amount is very large, or if amounts differ
/// and amount_sweep.h does not apply.
FastAnswer decide_by_counter_sweep(std::span<const history::Operation* const> operations,
                                   std::int64_t initial, Budget& budget,
                                   Asked asked = Asked::verdict);

}  // namespace sunder::checker
