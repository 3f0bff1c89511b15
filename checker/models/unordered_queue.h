#pragma once
// A queue that promises no order (a bag): enqueue; dequeue, which returns any value, or nil if
// there is none, or is refused because there is none; drain, which returns a list of all that it
// took. A crashed dequeue may have taken any value, a crashed drain any values. Surprise: what
// crashed operations take is settled late: the state has the values that are there and how many of
// them may be gone.

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct UnorderedQueue {
  struct State {
    /// Sorted JSON texts, so that equal bags are equal states.
    std::vector<std::string> values;
    /// Unanswered dequeues that may have taken one each; after an unanswered drain `all`.
    std::int64_t may_be_gone = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  static constexpr std::int64_t all = -1;
  static constexpr std::string_view name = "unordered-queue";
  static constexpr std::string_view description =
      "a queue without order by key: enqueue, dequeue, drain";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::bags;

  State initial() const { return {}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    auto next = state;
    if (operation.f == "enqueue") {
      const auto value = to_json(operation.argument);
      next.values.insert(std::lower_bound(next.values.begin(), next.values.end(), value), value);
      return Step<State>::to(std::move(next));
    }
    if (!is_answered(operation)) {
      if (operation.f == "drain") next.may_be_gone = all;
      if (next.may_be_gone != all) ++next.may_be_gone;
      return Step<State>::to(std::move(next));
    }
    if (found_nothing(operation)) {
      const auto there = static_cast<std::int64_t>(state.values.size());
      if (state.may_be_gone != all && there > state.may_be_gone) return Step<State>::illegal();
      if (state.may_be_gone != all) next.may_be_gone -= there;
      next.values.clear();
      return Step<State>::to(std::move(next));
    }
    for (const auto& taken : taken_by(operation)) {
      const auto value = to_json(taken);
      const auto at = std::lower_bound(next.values.begin(), next.values.end(), value);
      if (at == next.values.end() || *at != value) return Step<State>::illegal();
      next.values.erase(at);
    }
    return Step<State>::to(std::move(next));
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "enqueue" && !operation.argument.is_nil()) return Role::updater;
    if (operation.f == "drain" && is_answered(operation) && !operation.result.is_nil() &&
        operation.result.list() == nullptr) {
      return Role::foreign;
    }
    return operation.f == "dequeue" || operation.f == "drain" ? Role::updater : Role::foreign;
  }

  std::size_t hash(const State& state) const {
    auto hash = static_cast<std::size_t>(state.may_be_gone);
    for (const auto& value : state.values) hash = hash * 31 + std::hash<std::string>{}(value);
    return hash;
  }
  std::size_t memory_bytes(const State& state) const {
    std::size_t bytes = state.values.capacity() * sizeof(std::string);
    for (const auto& value : state.values) bytes += value.capacity();
    return bytes;
  }

  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (other.f == "enqueue") return false;
    if (operation.f != "enqueue" || !is_answered(other) || found_nothing(other)) return true;
    const auto taken = taken_by(other);
    return std::find(taken.begin(), taken.end(), operation.argument) != taken.end();
  }

  /// The same bag, changed in place: a state of many values is copied too often otherwise.
  class Replica {
   public:
    explicit Replica(const UnorderedQueue&) {}
    bool apply(const history::Operation& operation) {
      if (operation.f == "enqueue") {
        ++values_[operation.argument];
        ++size_;
        return true;
      }
      if (!is_answered(operation)) {
        if (operation.f == "drain") may_be_gone_ = all;
        if (may_be_gone_ != all) ++may_be_gone_;
        return true;
      }
      return found_nothing(operation) ? find_nothing() : take(taken_by(operation));
    }
    history::Value shown(std::size_t most) const {
      if (static_cast<std::size_t>(size_) > most) return history::Object{{"elements", size_}};
      history::List list;
      for (const auto& [value, count] : values_) {
        list.insert(list.end(), static_cast<std::size_t>(count), value);
      }
      std::sort(list.begin(), list.end(),
                [](const auto& left, const auto& right) { return to_json(left) < to_json(right); });
      return list;
    }

   private:
    bool find_nothing() {
      if (may_be_gone_ != all && size_ > may_be_gone_) return false;
      if (may_be_gone_ != all) may_be_gone_ -= size_;
      values_.clear();
      size_ = 0;
      return true;
    }
    bool take(const history::List& taken) {
      for (const auto& value : taken) {
        const auto at = values_.find(value);
        if (at == values_.end()) return false;
        if (--at->second == 0) values_.erase(at);
        --size_;
      }
      return true;
    }

    std::unordered_map<history::Value, std::int64_t, history::ValueHash> values_;
    std::int64_t size_ = 0;
    std::int64_t may_be_gone_ = 0;
  };

 private:
  static bool found_nothing(const history::Operation& operation) {
    const auto* drained = operation.result.list();
    return operation.result.is_nil() ||
           (operation.f == "drain" && drained != nullptr && drained->empty());
  }
  static history::List taken_by(const history::Operation& operation) {
    const auto* drained = operation.f == "drain" ? operation.result.list() : nullptr;
    return drained != nullptr ? *drained : history::List{operation.result};
  }
};

static_assert(Model<UnorderedQueue>);

}  // namespace sunder::checker
