#include "checker/linearizability/explain.h"

#include <algorithm>

#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;

/// For a conflict of more operations, a window that conflicts from any state is looked for.
constexpr std::size_t many_operations = 8;
constexpr std::chrono::milliseconds trial_time{100};

/// Limit for one trial: a trial that is hard to decide costs more than it could save.
Limits trial(Limits limits) {
  limits.deadline = std::min(limits.deadline, std::chrono::steady_clock::now() + trial_time);
  return limits;
}

/// Weakens as many as it can of the operations for which `may` is true, in ever smaller groups.
class Minimizer {
 public:
  Minimizer(Conflict conflict, const ErasedModel& model, const Limits& limits)
      : conflict_(std::move(conflict)), model_(model), limits_(limits) {}

  template <typename May>
  void weaken_where(const May& may) {
    std::size_t size = std::max<std::size_t>(1, conflict_.operations.size());
    while (!is_time_over()) {
      const bool progress = weaken_in_groups(size, may);
      if (size == 1 && !progress) break;
      size = std::max<std::size_t>(1, std::min(size, conflict_.operations.size()) / 2);
    }
  }

  Conflict take() { return std::move(conflict_); }

 private:
  bool is_time_over() const { return std::chrono::steady_clock::now() >= limits_.deadline; }

  /// One pass over the operations. True if any group could be weakened.
  template <typename May>
  bool weaken_in_groups(std::size_t size, const May& may) {
    bool progress = false;
    std::size_t first = 0;
    while (first < conflict_.operations.size() && !is_time_over()) {
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
      weakened[i] = must_happen(conflict_.operations[i]) && may(conflict_.operations[i]);
      any = any || weakened[i];
    }
    if (!any) return false;
    auto weaker = weaken(conflict_, weakened, model_);
    if (decide_conflict(weaker, model_, trial(limits_)) != Validity::invalid) return false;
    conflict_ = std::move(weaker);
    return true;
  }

  Conflict conflict_;
  const ErasedModel& model_;
  const Limits& limits_;
};

/// The shortest window before the conflict's end that is a conflict from any state.
Conflict cut_from_any_state(Conflict conflict, const ErasedModel& model, const Limits& limits) {
  const auto operations = pointers_to(conflict.operations);
  for (std::size_t count = 1; count < operations.size(); count += 1 + count / 4) {
    const auto from = operations[operations.size() - count]->invoked;
    auto part = window(operations, model, from, history::never);
    if (decide_conflict(part, model, trial(limits)) == Validity::invalid) return part;
  }
  return conflict;
}

}  // namespace

Conflict minimize(Conflict conflict, const ErasedModel& model, const Limits& limits) {
  std::erase_if(conflict.operations, [&](const Operation& operation) {
    return operation.outcome == Outcome::fail ||
           (!must_happen(operation) && model.role(operation) == Role::observer);
  });
  drop_unnoticed(conflict.operations, model);
  Minimizer minimizer(std::move(conflict), model, limits);
  // Updaters first: a conflict with few is easier to read, and an optional updater keeps others in.
  minimizer.weaken_where(
      [&](const Operation& operation) { return model.role(operation) == Role::updater; });
  minimizer.weaken_where([](const Operation&) { return true; });
  return minimizer.take();
}

Counterexample explain(Conflict conflict, const ErasedModel& model, const Limits& limits) {
  if (conflict.operations.size() > many_operations && model.knows_possible_states()) {
    conflict = cut_from_any_state(std::move(conflict), model, limits);
  }
  auto smallest = minimize(std::move(conflict), model, limits);
  Counterexample counterexample;
  counterexample.from_any_state = smallest.from_any_state;
  if (!smallest.operations.empty()) counterexample.key = smallest.operations.front().key;
  counterexample.operations = std::move(smallest.operations);
  counterexample.culprit = culprit_of(counterexample.operations, model);
  counterexample.sentence = sentence_about(counterexample, model);
  return counterexample;
}

}  // namespace sunder::checker
