#pragma once
// Decides a register whose written values are unique, exactly, in O(n log n), however many
// operations crashed (Gibbons and Korach 1997, extended to compare-and-set).
// With unique values each read names its write, and each value has at most one successor by cas. So
// values tied by cas form chains; each chain holds the register for one stretch of time; and the
// history is linearizable if and only if those stretches can be laid out without overlap.
// Surprise: an unanswered write or cas exists only if somebody saw what it wrote.

#include <span>

#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// The register operations of one key, by invocation. Failed ones are ignored. Not applicable where
/// two operations write one value, one writes nil, or a cas is from a value to itself.
FastAnswer decide_by_zones(std::span<const history::Operation* const> operations);

/// An answered read or cas that saw a value nobody ever wrote, unique or not; null if there is
/// none.
const history::Operation* find_unwritten(std::span<const history::Operation* const> operations);

}  // namespace sunder::checker
