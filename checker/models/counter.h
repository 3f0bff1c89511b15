#pragma once
// A counter that starts at 0, or at the parameter `initial`: add (of a number, perhaps negative)
// and read. A read of nil is one of the counter as it was at the start.

#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct Counter {
  using State = std::int64_t;
  static constexpr std::string_view name = "counter";
  static constexpr std::string_view description = "a number by key: add, read";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::counters;

  State first = 0;

  static std::vector<Parameter<Counter>> parameters() {
    return {{"initial", meaning_of_initial, [](Counter& model, const history::Value& value) {
               if (value.integer() == nullptr) {
                 throw std::invalid_argument("counter takes a whole number");
               }
               model.first = *value.integer();
             }}};
  }

  State initial() const { return first; }

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
  history::Value shown(const State& state) const { return state; }

  /// Any one read says what the counter was before, but for the adds in between. Absent if these
  /// have very many sums.
  std::optional<std::vector<State>> possible_states(
      std::span<const history::Operation* const> operations) const {
    constexpr std::size_t most_sums = 4096;
    const history::Operation* read = nullptr;
    std::set<State> starts = {first};
    for (const auto* each : operations) {
      if (each->f != "read" || !must_happen(*each)) continue;
      if (read == nullptr) read = each;
      // A read of what a counter never holds is legal in no state.
      const auto* seen = each->result.is_nil() ? &first : each->result.integer();
      if (read == each && seen != nullptr) starts.insert(*seen);
    }
    if (read == nullptr) return std::vector<State>{first};
    for (const auto* each : operations) {
      if (each->f != "add" || is_void(*each)) continue;
      std::vector<State> more;
      for (const auto start : starts) {
        State sum = 0;
        if (!__builtin_sub_overflow(start, *each->argument.integer(), &sum)) more.push_back(sum);
      }
      starts.insert(more.begin(), more.end());
      if (starts.size() > most_sums) return std::nullopt;
    }
    return std::vector<State>(starts.begin(), starts.end());
  }

  /// Unless an amount is below 0, the counter only grows.
  bool can_lead_to(const State& state, const history::Operation& read) const {
    const auto* seen = read.result.is_nil() ? &first : read.result.integer();
    return seen != nullptr && *seen >= state;
  }
  bool undoes(const history::Operation& operation) const {
    return operation.f == "add" && *operation.argument.integer() < 0;
  }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    return operation.f == "add" && *operation.argument.integer() != 0 && other.f == "read";
  }
};

static_assert(Model<Counter>);

}  // namespace sunder::checker
