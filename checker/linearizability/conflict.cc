#include "checker/linearizability/conflict.h"

#include <algorithm>
#include <iterator>

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
  return weaken(conflict, weakened, model);
}

Conflict weaken(const Conflict& conflict, const std::vector<bool>& weakened,
                const ErasedModel& model) {
  Conflict weaker;
  weaker.from_any_state = conflict.from_any_state;
  for (std::size_t i = 0; i < conflict.operations.size(); ++i) {
    const auto& operation = conflict.operations[i];
    if (weakened[i] && model.role(operation) == Role::observer) continue;
    weaker.operations.push_back(operation);
    if (weakened[i]) make_optional(weaker.operations.back());
  }
  drop_unnoticed(weaker.operations, model);
  return weaker;
}

void drop_unnoticed(std::vector<Operation>& operations, const ErasedModel& model) {
  std::vector<Operation> noticed;
  std::vector<Operation> optional;
  for (auto& operation : operations) {
    (must_happen(operation) ? noticed : optional).push_back(std::move(operation));
  }
  for (std::size_t i = 0; i < noticed.size() && !optional.empty(); ++i) {
    const auto found = std::stable_partition(
        optional.begin(), optional.end(),
        [&](const Operation& each) { return !model.may_affect(each, noticed[i]); });
    std::move(found, optional.end(), std::back_inserter(noticed));
    optional.erase(found, optional.end());
  }
  operations = std::move(noticed);
  std::sort(
      operations.begin(), operations.end(),
      [](const Operation& left, const Operation& right) { return left.invoked < right.invoked; });
}

std::vector<Operation> cut(std::span<const Operation* const> operations, const ErasedModel& model,
                           Position from, Position to) {
  std::vector<Operation> part;
  for (const auto* operation : operations) {
    if (operation->invoked > to) break;
    if (operation->outcome == Outcome::fail || operation->returned < from) continue;
    const bool stays_open = operation->returned == history::never || operation->returned > to;
    const bool crosses = operation->invoked < from || stays_open;
    if (crosses && model.role(*operation) == Role::observer) continue;
    auto& kept = part.emplace_back(*operation);
    if (!crosses) continue;
    make_optional(kept);
    if (!stays_open) kept.returned = operation->returned;
  }
  return part;
}

Conflict window(std::span<const Operation* const> operations, const ErasedModel& model,
                Position from, Position to) {
  Conflict part{cut(operations, model, from, to), true};
  drop_unnoticed(part.operations, model);
  return part;
}

}  // namespace sunder::checker
