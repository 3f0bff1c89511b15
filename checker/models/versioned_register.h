#pragma once
// A register whose answers say the version of the value: by the field `revision` of the completion,
// or as [version, value], with [nil, value] in the invocation. A write has a greater version than
// every one before it; a read or a refused cas says the version of what it found, if it says one.
// Surprise: a write without an answer has an unknown version. The first read behind it tells it, so
// a read with a version is an updater.

#include <vector>

#include "checker/models/register.h"

namespace sunder::checker {

struct VersionedRegister {
  struct State {
    history::Value value;
    /// The version of the value, or one that is smaller if it is not known.
    std::int64_t version = 0;
    bool is_known = true;
    bool operator==(const State&) const = default;
  };
  static constexpr std::string_view name = "versioned-register";
  static constexpr std::string_view description =
      "one value by key whose answers say its version: read, write, cas";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::versioned_registers;

  history::Value first;

  static std::vector<Parameter<VersionedRegister>> parameters() {
    return {{"initial", meaning_of_initial,
             [](VersionedRegister& model, const history::Value& value) { model.first = value; }}};
  }

  State initial() const { return {first, 0, true}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    const auto* version = version_of(operation);
    if (observes(operation)) {
      if (!is_answered(operation)) return Step<State>::to(state);
      if (state.value != seen_by(operation)) return Step<State>::illegal();
      if (is_refusal(operation) && state.value == expected_by(operation)) {
        return Step<State>::illegal();
      }
      if (version == nullptr) return Step<State>::to(state);
      const bool fits = state.is_known ? *version == state.version : *version > state.version;
      return fits ? Step<State>::to({state.value, *version, true}) : Step<State>::illegal();
    }
    if (operation.f == "cas" && state.value != expected_by(operation)) {
      return Step<State>::illegal();
    }
    if (version == nullptr) return Step<State>::to({written_by(operation), state.version, false});
    if (*version <= state.version) return Step<State>::illegal();
    return Step<State>::to({written_by(operation), *version, true});
  }

  Role role(const history::Operation& operation) const {
    const auto* pair = asked_by(operation).list();
    if (operation.f == "cas" && (pair == nullptr || pair->size() != 2)) return Role::foreign;
    if (observes(operation)) {
      return version_of(operation) == nullptr ? Role::observer : Role::updater;
    }
    return operation.f == "write" || operation.f == "cas" ? Role::updater : Role::foreign;
  }

  std::size_t hash(const State& state) const {
    return hash_of(state.value) * 31 + std::hash<std::int64_t>{}(state.version);
  }
  history::Value shown(const State& state) const { return state.value; }

  /// A version only forbids. A value helps those that see it.
  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (observes(operation) || other.f == "write") return false;
    return written_by(operation) == (observes(other) ? seen_by(other) : expected_by(other));
  }

  history::Value context(const history::Operation& operation) const {
    const auto* version = version_of(operation);
    return version == nullptr ? history::Value() : history::Value(*version);
  }

  /// A read, or a refused cas that says what it found.
  static bool observes(const history::Operation& operation) {
    return operation.f == "read" || is_refusal(operation);
  }
  /// Null if the operation was not answered, or its answer says none.
  static const std::int64_t* version_of(const history::Operation& operation) {
    if (!is_answered(operation)) return nullptr;
    if (operation.answer != nullptr && operation.answer->revision) {
      return &*operation.answer->revision;
    }
    const auto* pair = answered_pair(operation);
    return pair == nullptr ? nullptr : pair->front().integer();
  }
  /// Of an answered read or refused cas.
  static const history::Value& seen_by(const history::Operation& operation) {
    const auto* pair = answered_pair(operation);
    return pair == nullptr ? operation.result : pair->back();
  }
  static const history::Value& written_by(const history::Operation& operation) {
    const auto& asked = asked_by(operation);
    return operation.f == "cas" ? (*asked.list())[1] : asked;
  }
  static const history::Value& expected_by(const history::Operation& cas) {
    return asked_by(cas).list()->front();
  }

 private:
  static bool says_version_apart(const history::Operation& operation) {
    return operation.answer != nullptr && operation.answer->revision.has_value();
  }
  /// The argument without [nil, ...] around it.
  static const history::Value& asked_by(const history::Operation& operation) {
    const auto* pair = operation.argument.list();
    const bool is_pair = pair != nullptr && pair->size() == 2 && pair->front().is_nil() &&
                         !says_version_apart(operation) &&
                         (operation.f != "cas" || pair->back().list() != nullptr);
    return is_pair ? pair->back() : operation.argument;
  }
  /// [version, value] in the answer to [nil, ...], or to a read; null if it is no such pair.
  static const history::List* answered_pair(const history::Operation& operation) {
    const auto* pair = operation.result.list();
    const bool is_pair = pair != nullptr && pair->size() == 2 && !says_version_apart(operation) &&
                         (pair->front().is_nil() || pair->front().integer() != nullptr);
    const bool asks_so = operation.f == "read" || &asked_by(operation) != &operation.argument;
    return is_pair && asks_so ? pair : nullptr;
  }
};

static_assert(Model<VersionedRegister>);

}  // namespace sunder::checker
