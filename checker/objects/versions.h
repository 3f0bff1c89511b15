#pragma once
// Decides a register whose answers say versions, exactly, in O(n log n): layers. Versions order the
// writes, and each read belongs to the write with its version. The history is linearizable if and
// only if no operation returned before one of a smaller version was invoked.
// Surprise: a version that no answered write has is that of a write without an answer; the one that
// was invoked first is taken.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the operations of one key (checker/models/versioned_register.h), sorted by invocation.
/// Ignores void ones. Not applicable if an answered write or a read of a value has no version, if
/// the verdict needs a cas without an answer, or if an operation may lapse at a certain moment.
FastAnswer decide_by_versions(std::span<const history::Operation* const> operations,
                              const history::Value& initial, Budget& budget,
                              Asked asked = Asked::verdict);

}  // namespace sunder::checker
