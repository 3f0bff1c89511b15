#pragma once
// Registers written and read by transactions: one operation "txn" is a list of steps
// ["r", key, value] and ["w", key, value] that take effect at once. All keys are one object, so
// this checks strict serializability, of small histories only. A register that was never written is
// nil.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checker/history/value.h"
#include "checker/models/model.h"

namespace sunder::checker {

struct TxnRegister {
  /// By key, as JSON; sorted.
  using State = std::vector<std::pair<std::string, history::Value>>;
  static constexpr std::string_view name = "txn-register";
  static constexpr std::string_view description =
      "registers in one transaction: txn of [\"r\", key, value] and [\"w\", key, value]";
  static constexpr bool per_key = false;

  State initial() const { return {}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    const bool answered = operation.outcome == history::Outcome::ok;
    auto after = state;
    for (const auto& each : *(answered ? operation.result : operation.argument).list()) {
      const auto& step = *each.list();
      const auto key = to_json(step[1]);
      const auto at = std::lower_bound(
          after.begin(), after.end(), key,
          [](const auto& entry, const std::string& wanted) { return entry.first < wanted; });
      const bool known = at != after.end() && at->first == key;
      if (*step[0].text() == "w") {
        if (known) {
          at->second = step[2];
        } else {
          after.insert(at, {key, step[2]});
        }
      } else if (answered && (known ? at->second : history::Value()) != step[2]) {
        return Step<State>::illegal();
      }
    }
    return Step<State>::to(std::move(after));
  }

  Role role(const history::Operation& operation) const {
    if (operation.f != "txn" || !is_transaction(operation.argument)) return Role::foreign;
    const auto& steps =
        operation.outcome == history::Outcome::ok ? operation.result : operation.argument;
    if (!is_transaction(steps)) return Role::foreign;
    const bool reads_only =
        std::all_of(steps.list()->begin(), steps.list()->end(),
                    [](const auto& step) { return *step.list()->front().text() == "r"; });
    return reads_only ? Role::observer : Role::updater;
  }

  std::size_t hash(const State& state) const {
    std::size_t hash = state.size();
    for (const auto& [key, value] : state) {
      hash = hash * 31 + std::hash<std::string>{}(key);
      hash = hash * 31 + hash_of(value);
    }
    return hash;
  }
  history::Value shown(const State& state) const { return history::Object(state); }
  std::size_t memory_bytes(const State& state) const {
    std::size_t bytes = state.capacity() * sizeof(State::value_type);
    for (const auto& [key, value] : state) bytes += key.capacity();
    return bytes;
  }

  bool may_affect(const history::Operation&, const history::Operation&) const { return true; }

 private:
  static bool is_transaction(const history::Value& value) {
    const auto is_step = [](const history::Value& each) {
      const auto* step = each.list();
      if (step == nullptr || step->size() != 3) return false;
      const auto* kind = step->front().text();
      return kind != nullptr && (*kind == "r" || *kind == "w");
    };
    return value.list() != nullptr &&
           std::all_of(value.list()->begin(), value.list()->end(), is_step);
  }
};

static_assert(Model<TxnRegister>);

}  // namespace sunder::checker
