#pragma once
// Locks that only their holder releases: owned-mutex, owned-semaphore, and fenced-mutex, whose
// acquires are answered with a token that grows. The owner is the one that the argument names, as
// "c3" or {"owner": "c3"}, else the process.
// Surprise: an acquire without an answer leaves the last token as it is, since its own is unknown.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/models/semaphore.h"

namespace sunder::checker {

/// Who takes or gives back. Nil if the argument names nobody; then it is the process.
inline history::Value named_owner(const history::Operation& operation) {
  if (operation.argument.text() != nullptr) return operation.argument;
  for (const auto* name : {"owner", "client"}) {
    if (const auto* owner = operation.argument.member(name)) return *owner;
  }
  return {};
}

/// Different for different owners.
inline history::Value owner_of(const history::Operation& operation) {
  auto named = named_owner(operation);
  if (!named.is_nil()) return named;
  return history::Object{{"process", static_cast<std::int64_t>(operation.process)}};
}

/// The fencing token in a value: 7, {"token": 7} or {"fence": 7}. Null if there is none.
inline const std::int64_t* token_in(const history::Value& value) {
  if (value.integer() != nullptr) return value.integer();
  const auto* token = value.integer("token");
  return token != nullptr ? token : value.integer("fence");
}

/// What the three have in common.
struct OwnedLock {
  struct State {
    /// How many permits each owner holds, by the JSON texts of their names. No owner has 0.
    std::map<std::string, std::int64_t> holders;
    /// Of a fenced lock: that of the last acquire. Absent if none was answered.
    std::optional<std::int64_t> token;
    bool operator==(const State&) const = default;
  };
  static constexpr bool per_key = true;

  State initial() const { return {}; }

  std::size_t hash(const State& state) const {
    std::size_t hash = state.token ? std::hash<std::int64_t>{}(*state.token) : 0;
    for (const auto& [owner, count] : state.holders) {
      hash = (hash * 31 + std::hash<std::string>{}(owner)) * 31 + static_cast<std::size_t>(count);
    }
    return hash;
  }

  history::Value shown(const State& state) const {
    history::List owners;
    for (const auto& [owner, count] : state.holders) {
      owners.insert(owners.end(), static_cast<std::size_t>(count), owner);
    }
    return owners.empty() ? history::Value("free") : history::Value(std::move(owners));
  }

  /// An acquire helps the releases of its owner, a release helps any acquire.
  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    if (operation.f == other.f) return false;
    return operation.f == "release" || owner_of(operation) == owner_of(other);
  }

  history::Value context(const history::Operation& operation) const { return owner_of(operation); }

  static bool is_lock_operation(const history::Operation& operation) {
    return operation.f == "acquire" || operation.f == "release";
  }
  static bool names_an_owner_or_nobody(const history::Operation& operation) {
    return operation.argument.is_nil() || !named_owner(operation).is_nil();
  }

  Step<State> take(const State& state, const history::Operation& operation,
                   std::int64_t permits) const {
    std::int64_t taken = 0;
    for (const auto& [owner, count] : state.holders) taken += count;
    if (taken >= permits) return Step<State>::illegal();
    auto next = state;
    ++next.holders[to_json(owner_of(operation))];
    return Step<State>::to(std::move(next));
  }

  Step<State> give_back(const State& state, const history::Operation& operation) const {
    auto next = state;
    const auto held = next.holders.find(to_json(owner_of(operation)));
    if (held == next.holders.end()) return Step<State>::illegal();
    if (--held->second == 0) next.holders.erase(held);
    return Step<State>::to(std::move(next));
  }
};

struct OwnedMutex : OwnedLock {
  static constexpr std::string_view name = "owned-mutex";
  static constexpr std::string_view description =
      "a lock by key that only its holder releases: acquire, release";
  static constexpr Family family = Family::owned_locks;

  Step<State> step(const State& state, const history::Operation& operation) const {
    return operation.f == "acquire" ? take(state, operation, 1) : give_back(state, operation);
  }
  Role role(const history::Operation& operation) const {
    const bool is_known = is_lock_operation(operation) && names_an_owner_or_nobody(operation);
    return is_known ? Role::updater : Role::foreign;
  }
};

static_assert(Model<OwnedMutex>);

struct OwnedSemaphore : OwnedLock {
  static constexpr std::string_view name = "owned-semaphore";
  static constexpr std::string_view description =
      "permits by key that only their holders give back: acquire, release";
  static constexpr Family family = Family::owned_locks;

  std::int64_t permits = 1;

  static std::vector<Parameter<OwnedSemaphore>> parameters() {
    return {{"permits", meaning_of_permits, [](OwnedSemaphore& model, const history::Value& value) {
               model.permits = permits_in(value);
             }}};
  }

  Step<State> step(const State& state, const history::Operation& operation) const {
    return operation.f == "acquire" ? take(state, operation, permits) : give_back(state, operation);
  }
  Role role(const history::Operation& operation) const {
    const bool is_known =
        is_lock_operation(operation) &&
        (names_an_owner_or_nobody(operation) ||
         (operation.argument.integer() != nullptr && asks_for_one_permit(operation)));
    return is_known ? Role::updater : Role::foreign;
  }
};

static_assert(Model<OwnedSemaphore>);

struct FencedMutex : OwnedLock {
  static constexpr std::string_view name = "fenced-mutex";
  static constexpr std::string_view description =
      "a lock by key whose acquires answer growing tokens: acquire, release";
  static constexpr Family family = Family::fenced_locks;

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "release") return give_back(state, operation);
    auto taken = take(state, operation, 1);
    if (!taken.is_legal() || !is_answered(operation)) return taken;
    const auto token = *token_in(operation.result);
    if (state.token && token <= *state.token) return Step<State>::illegal();
    taken.state().token = token;
    return taken;
  }

  /// An ok acquire must be answered with a token.
  Role role(const history::Operation& operation) const {
    if (!is_lock_operation(operation)) return Role::foreign;
    if (operation.f == "release") {
      const bool has_token = token_in(operation.argument) != nullptr;
      return has_token || names_an_owner_or_nobody(operation) ? Role::updater : Role::foreign;
    }
    const bool has_token = !is_answered(operation) || token_in(operation.result) != nullptr;
    return has_token && names_an_owner_or_nobody(operation) ? Role::updater : Role::foreign;
  }
};

static_assert(Model<FencedMutex>);

}  // namespace sunder::checker
