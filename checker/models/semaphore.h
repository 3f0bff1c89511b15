#pragma once
// A semaphore with the parameter `permits`, all free at first: acquire takes one, release gives one
// back. The model does not track who holds them: a release is legal whenever one is taken.

#include <span>
#include <stdexcept>
#include <vector>

#include "checker/models/model.h"

namespace sunder::checker {

constexpr std::string_view meaning_of_permits =
    "how many may hold the semaphore at once (usual: 1)";

/// Throws std::invalid_argument.
inline std::int64_t permits_in(const history::Value& value) {
  const bool is_count = value.integer() != nullptr && *value.integer() >= 1;
  if (!is_count)
    throw std::invalid_argument("a semaphore has a whole number of permits, 1 or more");
  return *value.integer();
}

/// Whether the operation is about one permit: its argument is no other number.
inline bool asks_for_one_permit(const history::Operation& operation) {
  const auto& asked = operation.argument;
  return asked.real() == nullptr && (asked.integer() == nullptr || *asked.integer() == 1);
}

struct Semaphore {
  /// How many permits are taken.
  using State = std::int64_t;
  static constexpr std::string_view name = "semaphore";
  static constexpr std::string_view description =
      "permits by key that anybody may give back: acquire, release";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::locks;

  std::int64_t permits = 1;

  static std::vector<Parameter<Semaphore>> parameters() {
    return {{"permits", meaning_of_permits, [](Semaphore& model, const history::Value& value) {
               model.permits = permits_in(value);
             }}};
  }

  State initial() const { return 0; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    const State next = operation.f == "acquire" ? state + 1 : state - 1;
    return next < 0 || next > permits ? Step<State>::illegal() : Step<State>::to(next);
  }

  Role role(const history::Operation& operation) const {
    const bool is_known = operation.f == "acquire" || operation.f == "release";
    return is_known && asks_for_one_permit(operation) ? Role::updater : Role::foreign;
  }

  std::size_t hash(const State& state) const { return static_cast<std::size_t>(state); }
  history::Value shown(const State& state) const { return state; }

  /// An acquire only helps releases, and the other way round.
  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    return !(operation.f == other.f);
  }

  /// A permit that no operation takes or gives back makes no difference, so few states suffice.
  std::vector<State> possible_states(std::span<const history::Operation* const> operations) const {
    const auto most = std::min(permits, static_cast<State>(operations.size()));
    std::vector<State> states;
    for (State taken = 0; taken <= most; ++taken) states.push_back(taken);
    for (State taken = std::max(most + 1, permits - most); taken <= permits; ++taken) {
      states.push_back(taken);
    }
    return states;
  }
};

static_assert(Model<Semaphore>);

}  // namespace sunder::checker
