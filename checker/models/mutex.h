#pragma once
// A lock, free at first: acquire and release. The model does not track the holder: a release is
// legal whenever the lock is held. owned_locks.h has locks that only their holder releases.

#include <span>
#include <vector>

#include "checker/models/model.h"

namespace sunder::checker {

struct Mutex {
  enum class State { free, held };
  static constexpr std::string_view name = "mutex";
  static constexpr std::string_view description =
      "a lock by key that anybody may release: acquire, release";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::locks;

  State initial() const { return State::free; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    const bool acquires = operation.f == "acquire";
    if (state != (acquires ? State::free : State::held)) return Step<State>::illegal();
    return Step<State>::to(acquires ? State::held : State::free);
  }

  Role role(const history::Operation& operation) const {
    return operation.f == "acquire" || operation.f == "release" ? Role::updater : Role::foreign;
  }

  std::size_t hash(const State& state) const { return static_cast<std::size_t>(state); }
  history::Value shown(const State& state) const { return state == State::free ? "free" : "held"; }

  /// An acquire only helps releases, and the other way round.
  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    return !(operation.f == other.f);
  }

  std::vector<State> possible_states(std::span<const history::Operation* const>) const {
    return {State::free, State::held};
  }
};

static_assert(Model<Mutex>);

}  // namespace sunder::checker
