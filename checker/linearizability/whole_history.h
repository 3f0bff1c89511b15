#pragma once
// What the whole history adds to a minimized proof: the failed operation that took effect, the
// write of the same value in another type, whether a lost element turned up later. Invariant: it
// only adds operations, so the proof stays one.

#include <span>

#include "checker/budget.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// `history` are the operations of all keys, sorted by invocation. Leaves the proof as it is if the
/// budget is spent.
void add_what_the_history_knows(Counterexample& counterexample,
                                std::span<const history::Operation> history,
                                const history::Value& initial, Budget budget);

/// Whether the values differ only in the types of texts, numbers, truth values and nil: 83 and
/// "83", [1] and ["1"].
bool differ_only_in_type(const history::Value& left, const history::Value& right);

}  // namespace sunder::checker
