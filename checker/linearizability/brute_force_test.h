#pragma once
// The judge of the judges: tries every order of a small history's operations, with no memo and no
// cleverness, so that it is obviously right. Exponential; for about ten operations.

#include <vector>

#include "checker/models/model.h"

namespace sunder::checker {

template <Model M>
class BruteForce {
 public:
  BruteForce(const M& model, std::vector<history::Operation> operations)
      : model_(model), operations_(std::move(operations)), done_(operations_.size(), false) {
    std::erase_if(operations_, [](const auto& operation) { return is_void(operation); });
  }

  bool is_linearizable() { return extend(model_.initial()); }

 private:
  /// Can the operations not yet done follow from this state?
  bool extend(const typename M::State& state) {
    history::Position first_return = history::never;
    std::size_t returning = 0;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (done_[i] || operations_[i].returned >= first_return) continue;
      first_return = operations_[i].returned;
      returning = i;
    }
    if (first_return == history::never) return true;  // only unanswered ones are left
    if (!must_happen(operations_[returning]) && lapse(returning, state)) {
      return true;
    }
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (done_[i] || operations_[i].invoked > first_return) continue;
      const auto step = model_.step(state, operations_[i]);
      if (!step.is_legal()) continue;
      done_[i] = true;
      const bool fits = extend(step.state());
      done_[i] = false;
      if (fits) return true;
    }
    return false;
  }

  bool lapse(std::size_t operation, const typename M::State& state) {
    done_[operation] = true;
    const bool fits = extend(state);
    done_[operation] = false;
    return fits;
  }

  M model_;
  std::vector<history::Operation> operations_;
  std::vector<bool> done_;
};

}  // namespace sunder::checker
