#pragma once
// A first-in-first-out queue: enqueue, and dequeue, which returns nil if the queue is empty, or is
// refused because it is. A crashed dequeue removed some element, found none, or never happened.

#include <deque>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct Queue {
  using State = history::List;
  static constexpr std::string_view name = "queue";
  static constexpr std::string_view description = "first in, first out, by key: enqueue, dequeue";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::queues;

  State initial() const { return {}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "enqueue") {
      auto longer = state;
      longer.push_back(operation.argument);
      return Step<State>::to(std::move(longer));
    }
    const bool answered = is_answered(operation);
    if (state.empty()) {
      const bool found_none = !answered || operation.result.is_nil();
      return found_none ? Step<State>::to(state) : Step<State>::illegal();
    }
    if (answered && operation.result != state.front()) return Step<State>::illegal();
    return Step<State>::to(State(state.begin() + 1, state.end()));
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "enqueue" && !operation.argument.is_nil()) return Role::updater;
    if (operation.f != "dequeue") return Role::foreign;
    const bool found_none = is_answered(operation) && operation.result.is_nil();
    return found_none ? Role::observer : Role::updater;
  }

  std::size_t hash(const State& state) const { return hash_of(history::Value(state)); }
  /// What the elements hold they share with the operations.
  std::size_t memory_bytes(const State& state) const {
    return state.capacity() * sizeof(history::Value);
  }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (other.f != "dequeue") return false;
    if (operation.f == "dequeue") return true;
    return !is_answered(other) || other.result == operation.argument;
  }

  /// The same queue, changed in place: a state of many elements is copied too often otherwise.
  class Replica {
   public:
    explicit Replica(const Queue&) {}
    bool apply(const history::Operation& operation) {
      if (operation.f == "enqueue") {
        elements_.push_back(operation.argument);
        return true;
      }
      const bool answered = is_answered(operation);
      if (elements_.empty()) return !answered || operation.result.is_nil();
      if (answered && operation.result != elements_.front()) return false;
      elements_.pop_front();
      return true;
    }
    history::Value shown(std::size_t most) const {
      if (elements_.size() <= most) return history::List(elements_.begin(), elements_.end());
      return history::Object{{"elements", static_cast<std::int64_t>(elements_.size())}};
    }

   private:
    std::deque<history::Value> elements_;
  };
};

static_assert(Model<Queue>);

}  // namespace sunder::checker
