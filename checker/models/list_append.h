#pragma once
// A list that only grows at its end: append, and read of the whole list in order.

#include <algorithm>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct ListAppend {
  using State = history::List;
  static constexpr std::string_view name = "list-append";
  static constexpr std::string_view description = "a growing list by key: append, read";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::lists;

  State initial() const { return {}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "append") {
      auto longer = state;
      longer.push_back(operation.argument);
      return Step<State>::to(std::move(longer));
    }
    const bool fits =
        operation.outcome != history::Outcome::ok || state == elements_of(operation.result);
    return fits ? Step<State>::to(state) : Step<State>::illegal();
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "append") return Role::updater;
    if (operation.f != "read") return Role::foreign;
    return operation.result.is_nil() || operation.result.list() != nullptr ? Role::observer
                                                                           : Role::foreign;
  }

  std::size_t hash(const State& state) const { return hash_of(history::Value(state)); }
  /// What the elements hold they share with the operations.
  std::size_t memory_bytes(const State& state) const {
    return state.capacity() * sizeof(history::Value);
  }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (operation.f != "append" || other.f != "read") return false;
    const auto& seen = elements_of(other.result);
    return std::find(seen.begin(), seen.end(), operation.argument) != seen.end();
  }

  bool can_lead_to(const State& state, const history::Operation& read) const {
    const auto& seen = elements_of(read.result);
    return state.size() <= seen.size() && std::equal(state.begin(), state.end(), seen.begin());
  }

  /// The same list, changed in place: a state of many elements is copied too often otherwise.
  class Replica {
   public:
    explicit Replica(const ListAppend&) {}
    bool apply(const history::Operation& operation) {
      if (operation.f == "append") {
        elements_.push_back(operation.argument);
        return true;
      }
      return elements_of(operation.result) == elements_;
    }
    history::Value shown(std::size_t most) const {
      if (elements_.size() <= most) return elements_;
      return history::Object{{"elements", static_cast<std::int64_t>(elements_.size())}};
    }

   private:
    history::List elements_;
  };

 private:
  /// nil is the empty list.
  static const history::List& elements_of(const history::Value& value) {
    static const history::List empty;
    return value.is_nil() ? empty : *value.list();
  }
};

static_assert(Model<ListAppend>);

}  // namespace sunder::checker
