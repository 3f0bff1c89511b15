#pragma once
// A model as the search uses it: states and calls are small numbers, and each step is computed
// once. A call is an operation's function, argument, result and context. Operations with equal
// calls are interchangeable.
// Surprise: an automaton never frees a state, so its memory counts towards the search's limit. A
// step can throw BudgetSpent: a state can be as large as the history.

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/linearizability/flat_map.h"
#include "checker/models/model.h"

namespace sunder::checker {

enum class StateId : std::uint32_t {};
enum class CallId : std::uint32_t {};

class Automaton {
 public:
  /// The budget must outlive it.
  explicit Automaton(Budget& budget) : budget_(budget) {}
  Automaton(const Automaton&) = delete;
  Automaton& operator=(const Automaton&) = delete;
  virtual ~Automaton() = default;

  /// Absent if the call is not legal in that state.
  std::optional<StateId> next(StateId state, CallId call) {
    const auto key = key_of(state, call);
    if (const auto known = steps_.find(key)) {
      return *known == illegal ? std::nullopt : std::optional(StateId{*known});
    }
    const auto computed = compute_next(state, call);
    budget_.expect(steps_.growth_bytes());
    steps_.insert(key, computed ? static_cast<std::uint32_t>(*computed) : illegal);
    return computed;
  }

  /// False only if no updaters can lead from the state to one in which the observer is legal.
  bool can_lead_to(StateId state, CallId observer) {
    if (!foresees()) return true;
    const auto key = key_of(state, observer);
    if (const auto known = leads_.find(key)) return *known != 0;
    const bool leads = compute_can_lead_to(state, observer);
    budget_.expect(leads_.growth_bytes());
    leads_.insert(key, leads ? 1 : 0);
    return leads;
  }

  Budget& budget() { return budget_; }
  virtual StateId initial() = 0;
  virtual CallId call_of(const history::Operation& operation) = 0;
  virtual Role role_of(CallId call) const = 0;
  /// False only if the result of `other` is the same with and without `call`.
  virtual bool may_affect(CallId call, CallId other) const = 0;
  virtual std::size_t call_count() const = 0;
  /// Whether `can_lead_to` can be false.
  virtual bool foresees() const = 0;
  virtual std::size_t memory_bytes() const { return steps_.memory_bytes() + leads_.memory_bytes(); }

 protected:
  virtual std::optional<StateId> compute_next(StateId state, CallId call) = 0;
  virtual bool compute_can_lead_to(StateId state, CallId observer) = 0;

 private:
  static constexpr std::uint32_t illegal = UINT32_MAX;
  static std::uint64_t key_of(StateId state, CallId call) {
    return std::uint64_t{static_cast<std::uint32_t>(state)} << 32 |
           static_cast<std::uint32_t>(call);
  }

  Budget& budget_;
  FlatMap steps_;
  FlatMap leads_;
};

/// The operations passed to `call_of` must outlive it.
template <Model M>
class ModelAutomaton final : public Automaton {
 public:
  using State = typename M::State;
  ModelAutomaton(const M& model, Budget& budget) : Automaton(budget), model_(model) {}

  StateId initial() override { return number_of(model_.initial()); }

  const State& state(StateId number) const { return states_[static_cast<std::size_t>(number)]; }

  StateId number_of(State value) {
    auto& same_hash = states_by_hash_[model_.hash(value)];
    for (const auto number : same_hash) {
      if (states_[number] == value) return StateId{number};
    }
    const auto number = static_cast<std::uint32_t>(states_.size());
    same_hash.push_back(number);
    state_bytes_ += bytes_of(value);
    states_.push_back(std::move(value));
    return StateId{number};
  }

  CallId call_of(const history::Operation& operation) override {
    auto& same_hash = calls_by_hash_[hash_of_call(operation)];
    for (const auto number : same_hash) {
      if (are_one_call(*calls_[number], operation)) return CallId{number};
    }
    const auto number = static_cast<std::uint32_t>(calls_.size());
    same_hash.push_back(number);
    calls_.push_back(&operation);
    roles_.push_back(model_.role(operation));
    if constexpr (requires { model_.undoes(operation); }) undoes_ |= model_.undoes(operation);
    return CallId{number};
  }

  Role role_of(CallId call) const override { return roles_[static_cast<std::size_t>(call)]; }
  bool may_affect(CallId call, CallId other) const override {
    return model_.may_affect(operation_of(call), operation_of(other));
  }
  std::size_t call_count() const override { return calls_.size(); }
  bool foresees() const override {
    return !undoes_ && requires(const State& s, const history::Operation& o) {
      model_.can_lead_to(s, o);
    };
  }
  std::size_t memory_bytes() const override {
    constexpr std::size_t table_bytes = 64;  // an entry of a node-based table, about
    return Automaton::memory_bytes() + state_bytes_ + calls_.size() * table_bytes +
           states_.size() * (sizeof(State) + table_bytes);
  }

 protected:
  std::optional<StateId> compute_next(StateId state, CallId call) override {
    const auto bytes = bytes_of(this->state(state));
    budget().expect(bytes);
    auto step = model_.step(this->state(state), operation_of(call));
    budget().spend(bytes);
    if (!step.is_legal()) return std::nullopt;
    return number_of(std::move(step.state()));
  }

  bool compute_can_lead_to(StateId state, CallId observer) override {
    if constexpr (requires(const State& s, const history::Operation& o) {
                    model_.can_lead_to(s, o);
                  }) {
      budget().spend(bytes_of(this->state(state)));
      return model_.can_lead_to(this->state(state), operation_of(observer));
    } else {
      return true;
    }
  }

 private:
  /// What a state holds besides its own size.
  std::size_t bytes_of(const State& state) const {
    if constexpr (requires { model_.memory_bytes(state); }) {
      return model_.memory_bytes(state);
    } else {
      return 0;
    }
  }
  /// An overwriter is always legal, so its result does not matter.
  bool depends_on_answer(const history::Operation& operation) const {
    return is_answered(operation) && model_.role(operation) != Role::overwriter;
  }
  std::size_t hash_of_call(const history::Operation& operation) const {
    std::size_t hash = hash_of(operation.argument) * 31 + std::hash<std::string>{}(operation.f);
    if (depends_on_answer(operation)) hash = hash * 31 + hash_of(operation.result);
    if constexpr (requires { model_.context(operation); }) {
      hash = hash * 31 + hash_of(model_.context(operation));
    }
    return hash;
  }
  bool are_one_call(const history::Operation& left, const history::Operation& right) const {
    if constexpr (requires { model_.context(left); }) {
      if (model_.context(left) != model_.context(right)) return false;
    }
    const bool answered = depends_on_answer(left);
    return answered == depends_on_answer(right) && is_refusal(left) == is_refusal(right) &&
           left.f == right.f && left.key == right.key && left.argument == right.argument &&
           (!answered || left.result == right.result);
  }
  const history::Operation& operation_of(CallId call) const {
    return *calls_[static_cast<std::size_t>(call)];
  }

  M model_;
  std::deque<State> states_;
  std::unordered_map<std::size_t, std::vector<std::uint32_t>> states_by_hash_;
  std::vector<const history::Operation*> calls_;
  /// By call.
  std::vector<Role> roles_;
  std::unordered_map<std::size_t, std::vector<std::uint32_t>> calls_by_hash_;
  std::size_t state_bytes_ = 0;
  /// A call can undo what `can_lead_to` takes for lasting.
  bool undoes_ = false;
};

}  // namespace sunder::checker
