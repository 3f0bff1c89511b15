#pragma once
// A counter that starts at 0: add (of a number, perhaps negative) and read. A read of nil is one of
// the counter before the first add: of 0.

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct Counter {
  using State = std::int64_t;
  static constexpr std::string_view name = "counter";
  static constexpr std::string_view description = "a number by key: add, read";
  static constexpr bool per_key = true;

  State initial() const { return 0; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "add") {
      State sum = 0;
      const bool overflows = __builtin_add_overflow(state, *operation.argument.integer(), &sum);
      return overflows ? Step<State>::illegal() : Step<State>::to(sum);
    }
    const bool fits = operation.outcome != history::Outcome::ok ||
                      operation.result == history::Value(state) ||
                      (operation.result.is_nil() && state == initial());
    return fits ? Step<State>::to(state) : Step<State>::illegal();
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "read") return Role::observer;
    return operation.f == "add" && operation.argument.integer() != nullptr ? Role::updater
                                                                           : Role::foreign;
  }

  std::size_t hash(const State& state) const { return std::hash<State>{}(state); }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    return operation.f == "add" && *operation.argument.integer() != 0 && other.f == "read";
  }
};

static_assert(Model<Counter>);

}  // namespace sunder::checker
