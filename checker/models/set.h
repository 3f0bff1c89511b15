#pragma once
// A set: add, remove, and read of all its elements, each once, in any order. To add an element that
// is there, or to remove one that is not, changes nothing.
// The state is the sorted JSON texts of the elements, so equal sets are equal states.

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct Set {
  using State = std::vector<std::string>;
  static constexpr std::string_view name = "set";
  static constexpr std::string_view description = "a set by key: add, remove, read";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::sets;

  State initial() const { return {}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "add") {
      const auto element = to_json(operation.argument);
      auto larger = state;
      const auto at = std::lower_bound(larger.begin(), larger.end(), element);
      if (at == larger.end() || *at != element) larger.insert(at, element);
      return Step<State>::to(std::move(larger));
    }
    if (operation.f == "remove") {
      const auto element = to_json(operation.argument);
      auto smaller = state;
      const auto at = std::lower_bound(smaller.begin(), smaller.end(), element);
      if (at != smaller.end() && *at == element) smaller.erase(at);
      return Step<State>::to(std::move(smaller));
    }
    const bool fits =
        operation.outcome != history::Outcome::ok || state == elements_of(operation.result);
    return fits ? Step<State>::to(state) : Step<State>::illegal();
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "add" || operation.f == "remove") return Role::updater;
    if (operation.f != "read") return Role::foreign;
    return operation.result.is_nil() || operation.result.list() != nullptr ? Role::observer
                                                                           : Role::foreign;
  }

  std::size_t hash(const State& state) const {
    std::size_t hash = state.size();
    for (const auto& element : state) hash = hash * 31 + std::hash<std::string>{}(element);
    return hash;
  }
  std::size_t memory_bytes(const State& state) const {
    std::size_t bytes = state.capacity() * sizeof(std::string);
    for (const auto& element : state) bytes += element.capacity();
    return bytes;
  }

  /// An element that no read has might as well not have been added. To remove one helps a read that
  /// lacks it.
  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (operation.f == "read" || other.f != "read") return false;
    static const history::List nothing;
    const auto& seen = other.result.is_nil() ? nothing : *other.result.list();
    const bool is_seen = std::find(seen.begin(), seen.end(), operation.argument) != seen.end();
    return is_seen == (operation.f == "add");
  }

  /// An element that was added stays, unless one is removed.
  bool undoes(const history::Operation& operation) const { return operation.f == "remove"; }
  bool can_lead_to(const State& state, const history::Operation& read) const {
    const auto seen = elements_of(read.result);
    return std::includes(seen.begin(), seen.end(), state.begin(), state.end());
  }

  /// The same set, changed in place: a state of many elements is copied too often otherwise.
  class Replica {
   public:
    explicit Replica(const Set&) {}
    bool apply(const history::Operation& operation) {
      if (operation.f == "add") {
        elements_.insert(operation.argument);
        return true;
      }
      if (operation.f == "remove") {
        elements_.erase(operation.argument);
        return true;
      }
      const auto* seen = operation.result.list();
      if (seen == nullptr) return elements_.empty();
      std::unordered_set<history::Value, history::ValueHash> met;
      const bool fits = std::all_of(seen->begin(), seen->end(), [&](const auto& element) {
        return elements_.contains(element) && met.insert(element).second;
      });
      return fits && met.size() == elements_.size();
    }
    history::Value shown(std::size_t most) const {
      if (elements_.size() > most) return history::Object{{"elements", count()}};
      history::List list(elements_.begin(), elements_.end());
      std::sort(list.begin(), list.end(),
                [](const auto& left, const auto& right) { return to_json(left) < to_json(right); });
      return list;
    }

   private:
    history::Value count() const { return static_cast<std::int64_t>(elements_.size()); }
    std::unordered_set<history::Value, history::ValueHash> elements_;
  };

 private:
  /// nil is the empty set. An element that is there twice stays so: no set has it twice.
  static State elements_of(const history::Value& value) {
    State elements;
    if (value.is_nil()) return elements;
    for (const auto& element : *value.list()) elements.push_back(to_json(element));
    std::sort(elements.begin(), elements.end());
    return elements;
  }
};

static_assert(Model<Set>);

}  // namespace sunder::checker
