#pragma once
// Decides one object's history by the fastest exact procedure that applies: zones for a register
// with unique values, the order of a queue with unique values, that of a growing set or list, the
// procedures of checker/objects/ for sets, counters, locks, banks and versions, else the search. If
// the search is stuck at an event, it tries the window of operations around that event. If they
// cannot be linearized from any state, the history is invalid, and its long beginning need not be
// searched. Invariant: they do not throw BudgetSpent. What is decided before the budget is spent
// stays decided.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "checker/budget.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/fast_answer.h"
#include "checker/verdict.h"

namespace sunder::checker {

struct Decision {
  Validity validity = Validity::unknown;
  /// "zones", "queue order", "bag counts", "collection order", "text chains", "lazy sweep",
  /// "holds", "tokens", "versions", "balances", "values" (a value was read that no operation
  /// wrote), "search"
  std::string_view procedure;
  /// If invalid: the operations that cannot be linearized, not yet minimized. Empty if the budget
  /// did not allow to copy them.
  Conflict conflict;
  /// If invalid: the position up to which the operations cannot be linearized.
  history::Position conflict_end = history::never;
  /// If unknown: why, and how many operations had returned before the last event that the search
  /// reached.
  std::string_view gave_up_because;
  std::size_t decided_operations = 0;
  /// If valid and it was asked for: the indexes of the operations that took effect, in an order of
  /// their effects. Absent if the budget did not allow to find it.
  std::optional<std::vector<std::size_t>> order;
  std::uint64_t configurations = 0;
  std::size_t memory_bytes = 0;
};

/// `operations` are sorted by invocation and belong to the model.
Decision decide(std::span<const history::Operation* const> operations, const ErasedModel& model,
                const Budget& budget, Asked asked = Asked::verdict);

/// Whether the operations of the conflict cannot be linearized. Unknown if the budget is spent.
Validity decide_conflict(const Conflict& conflict, const ErasedModel& model, const Budget& budget);

}  // namespace sunder::checker
