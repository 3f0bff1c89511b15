#pragma once
// A model is a sequential object: an initial state and a step function. To add one, copy register.h
// and list it in catalog.cc. Invariant: `step` is a pure function of state and operation. An ok
// operation is legal only in states in which the object would return its result. An info operation
// has no result to compare. Surprise: the search relies on `role`. When in doubt return `updater`.
// If a step depends on more than name, argument and result, `context(operation)` returns that.

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "checker/history/operation.h"
#include "checker/models/parameters.h"

namespace sunder::checker {

/// The outcome of applying an operation to a state: a state, or "this cannot happen here".
template <typename State>
class [[nodiscard]] Step {
 public:
  static Step illegal() { return Step(); }
  static Step to(State state) {
    Step step;
    step.state_ = std::move(state);
    return step;
  }
  bool is_legal() const { return state_.has_value(); }
  /// Only if the step is legal.
  const State& state() const { return *state_; }
  State& state() { return *state_; }

 private:
  Step() = default;
  std::optional<State> state_;
};

/// What an operation can do in any state.
enum class Role {
  observer,    ///< Leaves every state as it is. If unanswered, it constrains nothing.
  overwriter,  ///< Legal in every state, and the state behind it does not depend on the one before.
  updater,     ///< Anything else.
  foreign,     ///< No operation of this model, or its argument is malformed.
};

/// Models with the operations of a known kind of object, which a faster procedure than the search
/// can check. A model declares it by `static constexpr Family family`; most do not.
enum class Family {
  other,
  registers,
  versioned_registers,
  texts,
  queues,
  bags,
  sets,
  lists,
  counters,
  locks,         ///< A release is legal whenever a permit is taken.
  owned_locks,   ///< Only the owner of a permit gives it back.
  fenced_locks,  ///< The same, and acquires are answered with growing tokens.
  banks,
};

constexpr bool is_lock(Family family) {
  return family == Family::locks || family == Family::owned_locks || family == Family::fenced_locks;
}

namespace detail {
template <typename T>
constexpr bool could_mean_impossible =
    std::is_pointer_v<T> || std::is_same_v<T, bool> || std::is_null_pointer_v<T>;
template <typename T>
constexpr bool could_mean_impossible<std::optional<T>> = true;
}  // namespace detail

template <typename M>
concept Model =
    std::regular<typename M::State> && !detail::could_mean_impossible<typename M::State> &&
    requires(const M model, const typename M::State state, const history::Operation operation) {
  { M::name } -> std::convertible_to<std::string_view>;
  /// Whether each key is an independent object.
  { M::per_key } -> std::convertible_to<bool>;
  { model.initial() } -> std::same_as<typename M::State>;
  { model.step(state, operation) } -> std::same_as<Step<typename M::State>>;
  { model.role(operation) } -> std::same_as<Role>;
  { model.hash(state) } -> std::same_as<std::size_t>;
  /// False only if the result of `other` is the same with and without `operation`.
  { model.may_affect(operation, operation) } -> std::same_as<bool>;
};

}  // namespace sunder::checker
