#pragma once
// A model that is not part of sunder: somebody else answers for each step, such as the user's
// program (harness/judge/model_program.h). A state is any JSON value; the first one is null. Each
// key is an object of its own.
// Surprise: a step can throw BudgetSpent, whose text says why there is no answer.

#include <memory>
#include <optional>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

class OwnSteps {
 public:
  OwnSteps() = default;
  OwnSteps(const OwnSteps&) = delete;
  OwnSteps& operator=(const OwnSteps&) = delete;
  virtual ~OwnSteps() = default;
  /// The next state, or nothing if the operation is not possible in that state. Must always answer
  /// the same. Several threads call it.
  virtual std::optional<history::Value> next(const history::Value& state,
                                             const history::Operation& operation) = 0;
};

struct OwnModel {
  using State = history::Value;
  static constexpr std::string_view name = "own";
  static constexpr bool per_key = true;

  std::shared_ptr<OwnSteps> steps;

  State initial() const { return {}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    auto next = steps->next(state, operation);
    return next ? Step<State>::to(std::move(*next)) : Step<State>::illegal();
  }

  /// It may change anything, as far as anybody but its author knows.
  Role role(const history::Operation&) const { return Role::updater; }
  bool may_affect(const history::Operation&, const history::Operation&) const { return true; }

  std::size_t hash(const State& state) const { return hash_of(state); }
  const history::Value& shown(const State& state) const { return state; }
  std::size_t memory_bytes(const State& state) const { return heap_bytes_of(state); }
};

static_assert(Model<OwnModel>);

}  // namespace sunder::checker
