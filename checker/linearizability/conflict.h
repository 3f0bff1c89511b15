#pragma once
// Operations that cannot be linearized, and the ways to say less of them. Only weakenings are used,
// so what is left cannot be linearized because the whole cannot: an observer is deleted, any other
// operation becomes one that may happen at any time or never, and what may happen and nobody
// notices is dropped.

#include <span>
#include <vector>

#include "checker/linearizability/erased_model.h"

namespace sunder::checker {

struct Conflict {
  std::vector<history::Operation> operations;
  /// Not from the first state only but from any: what returned before them is left out.
  bool from_any_state = false;
};

std::vector<const history::Operation*> pointers_to(
    const std::vector<history::Operation>& operations);

/// The conflict with one operation weakened, and without what nobody notices any more.
Conflict weaken(const Conflict& conflict, std::size_t operation, const ErasedModel& model);

/// The same with all for which `weakened` says so.
Conflict weaken(const Conflict& conflict, const std::vector<bool>& weakened,
                const ErasedModel& model);

/// Drops what may happen or not unless something that must happen could notice it, at first or at
/// second hand.
void drop_unnoticed(std::vector<history::Operation>& operations, const ErasedModel& model);

/// The part of a history between two positions. What was open at either edge may happen or not, but
/// not after it returned.
std::vector<history::Operation> cut(std::span<const history::Operation* const> operations,
                                    const ErasedModel& model, history::Position from,
                                    history::Position to);

/// The same, to be looked at from any state, without what nobody notices.
Conflict window(std::span<const history::Operation* const> operations, const ErasedModel& model,
                history::Position from, history::Position to);

}  // namespace sunder::checker
