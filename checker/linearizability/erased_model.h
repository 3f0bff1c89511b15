#pragma once
// Type erasure for models, so that the checker is compiled once and only the step functions per
// model.

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "checker/linearizability/automaton.h"
#include "checker/models/model.h"

namespace sunder::checker {

/// One object that operations are applied to, one by one.
class Replica {
 public:
  Replica() = default;
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;
  virtual ~Replica() = default;
  /// False if the operation is not legal now.
  virtual bool apply(const history::Operation& operation) = 0;
  /// The state for people. Of more than `most` elements or characters only their number.
  virtual history::Value shown(std::size_t most) const = 0;
};

/// The value, or only its size if that is more than `most`.
inline history::Value brief_state(history::Value value, std::size_t most) {
  const auto of = [](const char* what, std::size_t size) {
    return history::Object{{what, static_cast<std::int64_t>(size)}};
  };
  constexpr std::size_t characters_of_element = 8;
  const auto* text = value.text();
  if (text != nullptr && text->size() > characters_of_element * most) {
    return of("characters", text->size());
  }
  const auto* list = value.list();
  if (list != nullptr && list->size() > most) return of("elements", list->size());
  const auto* object = value.object();
  if (object != nullptr && object->size() > most) return of("members", object->size());
  return value;
}

class ErasedModel {
 public:
  virtual ~ErasedModel() = default;
  virtual std::string_view name() const = 0;
  virtual bool per_key() const = 0;
  virtual Family family() const = 0;
  virtual Role role(const history::Operation& operation) const = 0;
  virtual bool may_affect(const history::Operation& operation,
                          const history::Operation& other) const = 0;
  /// Of a lock or semaphore: how many may hold it at once.
  virtual std::int64_t permits() const = 0;
  /// The state of an object that was never changed, for people. Nil if the model does not show
  /// states.
  virtual history::Value initial_value() const = 0;
  virtual std::unique_ptr<Replica> make_replica() const = 0;
  /// The budget must outlive it.
  virtual std::unique_ptr<Automaton> make_automaton(Budget& budget) const = 0;
  /// The number of the same state in another automaton of this model.
  virtual StateId carry_state(const Automaton& from, StateId state, Automaton& to) const = 0;
  /// Whether `possible_states` has a value, so that a part of a history can be checked alone.
  virtual bool knows_possible_states() const = 0;
  /// A set of states such that every state of the model behaves, for these operations, like one of
  /// them. Absent if the model has no such set. `automaton` is of this model.
  virtual std::optional<std::vector<StateId>> possible_states(
      Automaton& automaton, std::span<const history::Operation* const> operations) const = 0;
};

template <Model M>
class ReplicaOf final : public Replica {
 public:
  explicit ReplicaOf(const M& model) : object_(model) {}
  bool apply(const history::Operation& operation) override { return object_.apply(operation); }
  history::Value shown(std::size_t most) const override { return object_.shown(most); }

 private:
  /// Steps from state to state.
  class Stepper {
   public:
    explicit Stepper(const M& model) : model_(model), state_(model.initial()) {}
    bool apply(const history::Operation& operation) {
      auto step = model_.step(state_, operation);
      if (!step.is_legal()) return false;
      state_ = std::move(step.state());
      return true;
    }
    history::Value shown(std::size_t most) const {
      if constexpr (requires { model_.shown(state_); })
        return brief_state(model_.shown(state_), most);
      return {};
    }

   private:
    M model_;
    typename M::State state_;
  };
  template <typename T>
  struct Object {
    using type = Stepper;
  };
  template <typename T>
  requires requires { typename T::Replica; }
  struct Object<T> {
    using type = typename T::Replica;
  };

  typename Object<M>::type object_;
};

template <Model M>
class ErasedModelOf final : public ErasedModel {
 public:
  explicit ErasedModelOf(M model) : model_(std::move(model)) {}
  const M& model() const { return model_; }
  std::string_view name() const override { return M::name; }
  bool per_key() const override { return M::per_key; }
  Family family() const override {
    if constexpr (requires { M::family; }) return M::family;
    return Family::other;
  }
  Role role(const history::Operation& operation) const override { return model_.role(operation); }
  bool may_affect(const history::Operation& operation,
                  const history::Operation& other) const override {
    return model_.may_affect(operation, other);
  }
  std::int64_t permits() const override {
    if constexpr (requires { model_.permits; }) return model_.permits;
    return 1;
  }
  history::Value initial_value() const override {
    if constexpr (requires { model_.shown(model_.initial()); }) {
      return model_.shown(model_.initial());
    }
    return {};
  }
  std::unique_ptr<Replica> make_replica() const override {
    return std::make_unique<ReplicaOf<M>>(model_);
  }
  std::unique_ptr<Automaton> make_automaton(Budget& budget) const override {
    return std::make_unique<ModelAutomaton<M>>(model_, budget);
  }
  StateId carry_state(const Automaton& from, StateId state, Automaton& to) const override {
    const auto& source = dynamic_cast<const ModelAutomaton<M>&>(from);
    return dynamic_cast<ModelAutomaton<M>&>(to).number_of(source.state(state));
  }
  bool knows_possible_states() const override { return has_possible_states; }
  std::optional<std::vector<StateId>> possible_states(
      Automaton& automaton, std::span<const history::Operation* const> operations) const override {
    if constexpr (has_possible_states) {
      auto& own = dynamic_cast<ModelAutomaton<M>&>(automaton);
      std::vector<StateId> states;
      std::optional<std::vector<typename M::State>> possible = model_.possible_states(operations);
      if (!possible) return std::nullopt;
      for (auto& state : *possible) states.push_back(own.number_of(std::move(state)));
      return states;
    } else {
      return std::nullopt;
    }
  }

 private:
  static constexpr bool has_possible_states =
      requires(const M& model, std::span<const history::Operation* const> operations) {
    model.possible_states(operations);
  };

  M model_;
};

}  // namespace sunder::checker
