#pragma once
// Accounts between which money is transferred: transfer {from, to, amount}, and read of all
// balances, {account: balance} or [[account, balance], ...]. "open" creates accounts that do not
// exist yet, which says nothing of those that do. Unless `initial` gives them, the first balances
// are free but for `total`. Invariant: no balance is below 0, unless `negative` is true.
// Surprise: before the first read only the changes of the balances are known.

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "checker/models/model.h"

namespace sunder::checker {

struct Bank {
  using Balances = std::map<std::string, std::int64_t>;
  struct State {
    bool is_known = false;
    /// If they are not known: how they changed since the beginning.
    Balances balances;
    /// If they are not known: the least change of each account so far.
    Balances lowest;
    bool operator==(const State&) const = default;
  };
  struct Transfer {
    std::string from;
    std::string to;
    std::int64_t amount = 0;
  };
  static constexpr std::string_view name = "bank";
  static constexpr std::string_view description =
      "accounts whose total stays: transfer {from, to, amount}, read";
  static constexpr bool per_key = true;
  static constexpr Family family = Family::banks;

  std::optional<Balances> first;
  std::optional<std::int64_t> accounts;
  std::optional<std::int64_t> total;
  bool may_be_negative = false;

  static std::vector<Parameter<Bank>> parameters() {
    return {{"accounts", "how many accounts a bank has",
             [](Bank& model, const history::Value& value) { model.accounts = number_in(value); }},
            {"total", "the sum of a bank's balances",
             [](Bank& model, const history::Value& value) { model.total = number_in(value); }},
            {"initial", meaning_of_initial,
             [](Bank& model, const history::Value& value) {
               model.first = balances_in(value);
               if (!model.first) throw std::invalid_argument("bank takes {\"account\": balance}");
             }},
            {"negative", "whether a bank's balances may be below 0: true or false",
             [](Bank& model, const history::Value& value) {
               if (value.boolean() == nullptr) throw std::invalid_argument("true or false");
               model.may_be_negative = *value.boolean();
             }}};
  }

  State initial() const { return {first.has_value(), first.value_or(Balances()), {}}; }

  Step<State> step(const State& state, const history::Operation& operation) const {
    if (operation.f == "open") return Step<State>::to(state);
    if (operation.f == "transfer") return transfer(state, *transfer_in(operation.argument));
    if (!is_answered(operation)) return Step<State>::to(state);
    const auto seen = *balances_in(operation.result);
    if (!complaint_about(seen).empty()) return Step<State>::illegal();
    if (state.is_known) {
      return seen == state.balances ? Step<State>::to(state) : Step<State>::illegal();
    }
    return could_have_led_to(state, seen) ? Step<State>::to({true, seen, {}})
                                          : Step<State>::illegal();
  }

  Role role(const history::Operation& operation) const {
    if (operation.f == "transfer") {
      return transfer_in(operation.argument) ? Role::updater : Role::foreign;
    }
    if (operation.f == "open") return Role::observer;
    if (operation.f != "read") return Role::foreign;
    if (!is_answered(operation)) return Role::observer;
    // The first read tells the balances.
    return balances_in(operation.result) ? Role::updater : Role::foreign;
  }

  std::size_t hash(const State& state) const {
    std::size_t hash = state.is_known ? 1 : 0;
    for (const auto& [account, balance] : state.balances) {
      hash = hash * 31 + static_cast<std::size_t>(balance);
    }
    return hash;
  }
  history::Value shown(const State& state) const {
    if (!state.is_known) return {};
    history::Object balances;
    for (const auto& [account, balance] : state.balances) balances.emplace_back(account, balance);
    return balances;
  }

  /// A transfer helps reads, and transfers of what it brings. A read only forbids.
  bool may_affect(const history::Operation& operation, const history::Operation& other) const {
    return operation.f == "transfer" && other.f != "open";
  }

  /// One whose balances are not known can be any.
  std::vector<State> possible_states(std::span<const history::Operation* const>) const {
    return {State()};
  }

  /// Why no state has these balances; empty if one may.
  std::string complaint_about(const Balances& balances) const;

  static std::int64_t sum_of(const Balances& balances) {
    std::int64_t sum = 0;
    for (const auto& [account, balance] : balances) {
      if (__builtin_add_overflow(sum, balance, &sum))
        return std::numeric_limits<std::int64_t>::max();
    }
    return sum;
  }

  /// Absent if the value is neither {account: balance} nor [[account, balance], ...].
  static std::optional<Balances> balances_in(const history::Value& value);
  /// Absent if the value is no {from, to, amount}.
  static std::optional<Transfer> transfer_in(const history::Value& value);

 private:
  static std::int64_t number_in(const history::Value& value) {
    if (value.integer() == nullptr) throw std::invalid_argument("bank takes a whole number");
    return *value.integer();
  }
  Step<State> transfer(const State& state, const Transfer& transfer) const;
  bool could_have_led_to(const State& state, const Balances& seen) const;
};

static_assert(Model<Bank>);

}  // namespace sunder::checker
