#include "checker/linearizability/conflict.h"

#include <algorithm>

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Position;

void make_optional(Operation& operation) {
  operation.weakened = operation.outcome == Outcome::ok;
  operation.returned = history::never;
}

}  // namespace

std::vector<const Operation*> pointers_to(const std::vector<Operation>& operations) {
  std::vector<const Operation*> pointers;
  pointers.reserve(operations.size());
  for (const auto& operation : operations) pointers.push_back(&operation);
  return pointers;
}

Conflict weaken(const Conflict& conflict, std::size_t operation, const ErasedModel& model) {
  std::vector<bool> weakened(conflict.operations.size(), false);
  weakened[operation] = true;
  Budget budget;
  return weaken(conflict, weakened, model, budget);
}

Conflict weaken(const Conflict& conflict, const std::vector<bool>& weakened,
                const ErasedModel& model, Budget& budget) {
  Conflict weaker;
  weaker.from_any_state = conflict.from_any_state;
  weaker.about = conflict.about;
  weaker.dequeues_stay = conflict.dequeues_stay;
  weaker.shortfall = conflict.shortfall;
  weaker.why = conflict.why;
  for (std::size_t i = 0; i < conflict.operations.size(); ++i) {
    const auto& operation = conflict.operations[i];
    budget.spend(heap_bytes_of(operation));
    // What changed nothing is left out.
    const bool changes = model.role(operation) != Role::observer && !is_refusal(operation);
    if (weakened[i] && !changes) continue;
    weaker.operations.push_back(operation);
    if (weakened[i]) make_optional(weaker.operations.back());
  }
  drop_unnoticed(weaker.operations, model, budget);
  return weaker;
}

void drop_unnoticed(std::vector<Operation>& operations, const ErasedModel& model, Budget& budget) {
  std::vector<std::size_t> noticed;
  std::vector<std::size_t> optional;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    (must_happen(operations[i]) ? noticed : optional).push_back(i);
  }
  for (std::size_t i = 0; i < noticed.size() && !optional.empty(); ++i) {
    const auto& observing = operations[noticed[i]];
    const auto found =
        std::stable_partition(optional.begin(), optional.end(), [&](std::size_t each) {
          budget.spend();
          return !model.may_affect(operations[each], observing);
        });
    noticed.insert(noticed.end(), found, optional.end());
    optional.erase(found, optional.end());
  }
  // Nothing has moved so far, so that the operations are whole if the budget is spent.
  std::vector<bool> is_unnoticed(operations.size(), false);
  for (const auto each : optional) is_unnoticed[each] = true;
  std::size_t at = 0;
  std::erase_if(operations, [&](const Operation&) { return is_unnoticed[at++]; });
}

std::vector<Operation> cut(std::span<const Operation* const> operations, const ErasedModel& model,
                           Position from, Position to, Budget& budget) {
  std::vector<Operation> part;
  for (const auto* operation : operations) {
    if (operation->invoked > to) break;
    if (is_void(*operation) || operation->returned < from) continue;
    const bool stays_open = operation->returned == history::never || operation->returned > to;
    const bool crosses = operation->invoked < from || stays_open;
    if (crosses && model.role(*operation) == Role::observer) continue;
    budget.spend(heap_bytes_of(*operation));
    auto& kept = part.emplace_back(*operation);
    if (!crosses) continue;
    make_optional(kept);
    if (!stays_open) kept.returned = operation->returned;
  }
  return part;
}

Conflict window(std::span<const Operation* const> operations, const ErasedModel& model,
                Position from, Position to, Budget& budget) {
  Conflict part{cut(operations, model, from, to, budget), true, {}};
  drop_unnoticed(part.operations, model, budget);
  return part;
}

}  // namespace sunder::checker
