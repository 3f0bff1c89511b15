#pragma once
// Decides a register with unique written values, exactly, in O(n log n), with any number of crashed
// operations (Gibbons and Korach 1997, extended to compare-and-set).
// With unique values each read names its write, and each value has at most one successor by cas. So
// values connected by cas form chains, and each chain holds the register for one interval. The
// history is linearizable if and only if the intervals can be arranged without overlap.
// Surprise: a crashed write or cas is ignored unless its value was read.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the register operations of one key, sorted by invocation. Ignores failed ones. Not
/// applicable if two operations write one value, one writes the initial value, or a cas has the
/// same expected and new value.
FastAnswer decide_by_zones(std::span<const history::Operation* const> operations,
                           const history::Value& initial, Budget& budget,
                           Asked asked = Asked::verdict);

/// A completed read or cas that read a value which no operation wrote; null if there is none.
/// Values need not be unique.
const history::Operation* find_unwritten(std::span<const history::Operation* const> operations,
                                         const history::Value& initial, Budget& budget);

}  // namespace sunder::checker
