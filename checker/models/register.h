#pragma once
// A register: read, write, and compare-and-set. Its first value is nil, "absent", or the parameter
// `initial`.
// An ok cas found the expected value. One that did not is recorded as fail and has no effect. If it
// says what it found, it is judged as a read of that value, which cannot be the expected one.

#include <span>
#include <unordered_set>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct Register {
  using State = history::Value;
  static constexpr std::string_view name = "register";
  static constexpr std::string_view description = "one value by key: read, write, cas";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::registers;

  State first;

  static std::vector<Parameter<Register>> parameters() {
    return {{"initial", meaning_of_initial,
             [](Register& model, const history::Value& value) { model.first = value; }}};
  }

  State initial() const { return first; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "write") return Step<State>::to(operation.argument);
    if (is_refusal(operation)) {
      const bool fits = state == operation.result && state != expected_by(operation);
      return fits ? Step<State>::to(state) : Step<State>::illegal();
    }
    if (operation.f == "cas") {
      return state == expected_by(operation) ? Step<State>::to(written_by(operation))
                                             : Step<State>::illegal();
    }
    const bool fits = operation.outcome != history::Outcome::ok || state == operation.result;
    return fits ? Step<State>::to(state) : Step<State>::illegal();
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "read") return Role::observer;
    if (operation.f == "write") return Role::overwriter;
    const auto* pair = operation.argument.list();
    const bool is_cas = operation.f == "cas" && pair != nullptr && pair->size() == 2;
    if (!is_cas) return Role::foreign;
    return is_refusal(operation) ? Role::observer : Role::updater;
  }

  std::size_t hash(const State& state) const { return hash_of(state); }
  const history::Value& shown(const State& state) const { return state; }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (observes(operation) || other.f == "write") return false;
    // No state explains it, whatever was written.
    if (is_refusal(other) && other.result == expected_by(other)) return false;
    return written_by(operation) == seen_by(other);
  }

  /// For operations with `n` different values a register has `n` + 1 states: one for any other
  /// value.
  std::vector<State> possible_states(std::span<const history::Operation* const> operations) const {
    std::vector<State> states = {history::Object{{"never seen", {}}}};
    std::unordered_set<history::Value, history::ValueHash> known;
    for (const auto* operation : operations) {
      if (operation->f == "write") continue;
      const auto& seen = seen_by(*operation);
      if (known.insert(seen).second) states.push_back(seen);
    }
    return states;
  }

  /// The value that a write or cas stores.
  static const State& written_by(const history::Operation& operation) {
    return operation.f == "cas" ? (*operation.argument.list())[1] : operation.argument;
  }
  /// A read, or a refused cas that says what it found.
  static bool observes(const history::Operation& operation) {
    return operation.f == "read" || is_refusal(operation);
  }
  /// The value that the register had at a read or cas.
  static const State& seen_by(const history::Operation& operation) {
    return observes(operation) ? operation.result : expected_by(operation);
  }
  static const State& expected_by(const history::Operation& cas) {
    return cas.argument.list()->front();
  }
};

static_assert(Model<Register>);

}  // namespace sunder::checker
