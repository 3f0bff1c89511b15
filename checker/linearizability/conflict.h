#pragma once
// A conflict is a set of operations that cannot be linearized, and can be weakened: an observer or
// a refused operation is removed; any other operation becomes optional (it may happen at any time
// or never); an optional operation that no other operation can notice is removed. Every
// linearization of the operations is one of the weakened operations, so if those have none, the
// whole history has none. Surprise: all of them copy operations, and throw BudgetSpent.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

struct Conflict {
  std::vector<history::Operation> operations;
  /// They cannot be linearized from any state, so the operations before them do not matter.
  bool from_any_state = false;
  /// Of a set or list: the elements to which the operations' reads are cut. Empty if they are
  /// whole.
  std::vector<history::Value> about = {};
  /// Of a queue, as in FastAnswer.
  bool dequeues_stay = false;
  std::optional<Shortfall> shortfall = std::nullopt;
  /// The sentence about all of these operations, if their procedure gave one.
  std::string why = {};
};

/// Whether it takes from a queue.
inline bool is_taking(const history::Operation& operation) {
  return operation.f == "dequeue" || operation.f == "drain";
}

std::vector<const history::Operation*> pointers_to(
    const std::vector<history::Operation>& operations);

/// The conflict with one operation weakened and without unnoticed operations.
Conflict weaken(const Conflict& conflict, std::size_t operation, const ErasedModel& model);

/// The same with each operation weakened for which `weakened` is true.
Conflict weaken(const Conflict& conflict, const std::vector<bool>& weakened,
                const ErasedModel& model, Budget& budget);

/// Removes the optional operations that no required operation can notice, directly or through other
/// optional operations. If the budget is spent, all are left.
void drop_unnoticed(std::vector<history::Operation>& operations, const ErasedModel& model,
                    Budget& budget);

/// The part of a history between two positions. Operations that are open at either position become
/// optional, but cannot happen after their return.
std::vector<history::Operation> cut(std::span<const history::Operation* const> operations,
                                    const ErasedModel& model, history::Position from,
                                    history::Position to, Budget& budget);

/// The same as a conflict from any state, without unnoticed operations.
Conflict window(std::span<const history::Operation* const> operations, const ErasedModel& model,
                history::Position from, history::Position to, Budget& budget);

}  // namespace sunder::checker
