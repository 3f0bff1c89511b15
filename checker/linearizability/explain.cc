#include "checker/linearizability/explain.h"

#include <algorithm>

#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::Operation;

/// For a conflict of more operations, a window that conflicts from any state is looked for.
constexpr std::size_t many_operations = 8;
constexpr std::chrono::milliseconds trial_time{100};
constexpr std::string_view any_state = ", whatever the state was before";

/// For one trial: a trial that is hard to decide costs more than it could save.
Budget trial(const Budget& budget) {
  return budget.at_most(trial_time);
}

/// Weakens as many as it can of the operations for which `may` is true, in ever smaller groups.
class Minimizer {
 public:
  Minimizer(Conflict conflict, const ErasedModel& model, const Budget& budget)
      : conflict_(std::move(conflict)), model_(model), budget_(budget) {}

  template <typename May>
  void weaken_where(const May& may) {
    std::size_t size = std::max<std::size_t>(1, conflict_.operations.size());
    while (budget_.why_spent() == nullptr) {
      is_minimal_ = true;
      const bool progress = weaken_in_groups(size, may);
      if (size == 1 && !progress) return;
      size = std::max<std::size_t>(1, std::min(size, conflict_.operations.size()) / 2);
    }
    is_minimal_ = false;
  }

  Minimized take() { return {std::move(conflict_), is_minimal_}; }

 private:
  /// One pass over the operations. True if any group could be weakened.
  template <typename May>
  bool weaken_in_groups(std::size_t size, const May& may) {
    bool progress = false;
    std::size_t first = 0;
    while (first < conflict_.operations.size() && budget_.why_spent() == nullptr) {
      const auto count = conflict_.operations.size();
      const bool weakened = weaken_group(first, std::min(first + size, count), may);
      progress = progress || weakened;
      // Operations were removed, so the next group begins at the same place.
      if (!weakened || conflict_.operations.size() == count) first += size;
    }
    return progress;
  }

  template <typename May>
  bool weaken_group(std::size_t first, std::size_t end, const May& may) {
    std::vector<bool> weakened(conflict_.operations.size(), false);
    bool any = false;
    for (std::size_t i = first; i < end; ++i) {
      const auto& operation = conflict_.operations[i];
      const bool stays = conflict_.dequeues_stay && is_taking(operation);
      weakened[i] = must_happen(operation) && !stays && may(operation);
      any = any || weakened[i];
    }
    if (!any) return false;
    auto budget = trial(budget_);
    try {
      auto weaker = weaken(conflict_, weakened, model_, budget);
      const auto validity = decide_conflict(weaker, model_, budget);
      if (validity == Validity::unknown) is_minimal_ = false;
      if (validity != Validity::invalid) return false;
      conflict_ = std::move(weaker);
      return true;
    } catch (const BudgetSpent&) {
      is_minimal_ = false;
      return false;
    }
  }

  Conflict conflict_;
  const ErasedModel& model_;
  const Budget& budget_;
  /// Whether every trial of this pass was decided.
  bool is_minimal_ = true;
};

/// The shortest window before the conflict's end that is a conflict from any state.
Conflict cut_from_any_state(Conflict conflict, const ErasedModel& model, const Budget& budget) {
  const auto operations = pointers_to(conflict.operations);
  for (std::size_t count = 1; count < operations.size(); count += 1 + count / 4) {
    const auto from = operations[operations.size() - count]->invoked;
    if (budget.why_spent() != nullptr) break;
    auto own_budget = trial(budget);
    try {
      auto part = window(operations, model, from, history::never, own_budget);
      part.why = conflict.why;
      if (decide_conflict(part, model, own_budget) == Validity::invalid) return part;
    } catch (const BudgetSpent&) {
      break;  // A longer window takes longer.
    }
  }
  return conflict;
}

/// Removes what no proof needs. The operations stay whole if the budget is spent.
void drop_ballast(std::vector<Operation>& operations, const ErasedModel& model,
                  const Budget& budget) {
  std::erase_if(operations, [&](const Operation& operation) {
    return is_void(operation) ||
           (!must_happen(operation) && model.role(operation) == Role::observer);
  });
  auto own_budget = budget;
  try {
    drop_unnoticed(operations, model, own_budget);
  } catch (const BudgetSpent&) {
    // They stay in.
  }
}

}  // namespace

Minimized minimize(Conflict conflict, const ErasedModel& model, const Budget& budget) {
  drop_ballast(conflict.operations, model, budget);
  Minimizer minimizer(std::move(conflict), model, budget);
  // Updaters first: a conflict with few is easier to read, and an optional updater keeps others in.
  minimizer.weaken_where(
      [&](const Operation& operation) { return model.role(operation) == Role::updater; });
  minimizer.weaken_where([](const Operation&) { return true; });
  return minimizer.take();
}

Counterexample explain(Conflict conflict, const ErasedModel& model, const Budget& budget) {
  if (conflict.operations.size() > many_operations && model.knows_possible_states()) {
    conflict = cut_from_any_state(std::move(conflict), model, budget);
  }
  auto [smallest, is_minimal] = minimize(std::move(conflict), model, budget);
  Counterexample counterexample;
  counterexample.is_minimal = is_minimal;
  counterexample.from_any_state = smallest.from_any_state;
  if (!smallest.operations.empty()) counterexample.key = smallest.operations.front().key;
  counterexample.operations = std::move(smallest.operations);
  counterexample.elements = std::move(smallest.about);
  counterexample.shortfall = smallest.shortfall;
  counterexample.dequeues_stay = smallest.dequeues_stay;
  counterexample.culprit = culprit_of(counterexample.operations, model);
  // What a procedure says is true of the history, whatever a smaller proof leaves out.
  const bool is_told = !smallest.why.empty();
  counterexample.sentence =
      is_told ? std::move(smallest.why) : sentence_about(counterexample, model);
  const bool is_of_any_state =
      counterexample.from_any_state && counterexample.operations.size() > 1;
  if (is_of_any_state && !is_told && !is_lock(model.family())) counterexample.sentence += any_state;
  return counterexample;
}

}  // namespace sunder::checker
