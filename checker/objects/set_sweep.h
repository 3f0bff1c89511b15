#pragma once
// Decides a set to and from which each element is added and removed once at most: a lazy sweep. An
// update takes effect when it returns, or when a read that returns needs it. Where that leaves a
// choice, such as which of two open reads is served first, the sweep tries one and comes back to
// the other. It remembers the places from which no choice led on, so it is exact.
// Surprise: proofs are looked for in the part of the history that is about one or two elements.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes "add", "remove" and "read" of one key, sorted by invocation. Ignores void ones. Not
/// applicable if an element is added or removed twice, if an operation may lapse at a certain
/// moment, or if there are too many choices.
FastAnswer decide_by_set_sweep(std::span<const history::Operation* const> operations,
                               Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
