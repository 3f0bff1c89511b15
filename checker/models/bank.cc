#include "checker/models/bank.h"

#include <fmt/format.h>

namespace sunder::checker {

namespace {

using history::Value;

/// The account's name: a text as it is, anything else as JSON, like a member of an object.
std::string account_in(const Value& value) {
  return text_or_json(value);
}

}  // namespace

std::optional<Bank::Balances> Bank::balances_in(const Value& value) {
  Balances balances;
  if (const auto* object = value.object()) {
    for (const auto& [account, balance] : *object) {
      if (balance.integer() == nullptr) return std::nullopt;
      balances[account] = *balance.integer();
    }
    return balances;
  }
  if (value.list() == nullptr) return std::nullopt;
  for (const auto& each : *value.list()) {
    const auto* pair = each.list();
    if (pair == nullptr || pair->size() != 2 || pair->back().integer() == nullptr) {
      return std::nullopt;
    }
    const bool is_new = balances.emplace(account_in(pair->front()), *pair->back().integer()).second;
    if (!is_new) return std::nullopt;
  }
  return balances;
}

std::optional<Bank::Transfer> Bank::transfer_in(const Value& value) {
  const auto* from = value.member("from");
  const auto* to = value.member("to");
  const auto* amount = value.integer("amount");
  const bool is_transfer = from != nullptr && to != nullptr && amount != nullptr && *amount >= 0;
  if (!is_transfer) return std::nullopt;
  return Transfer{account_in(*from), account_in(*to), *amount};
}

std::string Bank::complaint_about(const Balances& balances) const {
  const auto count = static_cast<std::int64_t>(balances.size());
  if (accounts && count != *accounts) {
    return fmt::format("{} accounts, but there are {}", count, *accounts);
  }
  const auto sum = sum_of(balances);
  if (total && sum != *total) return fmt::format("a total of {}, but it is {}", sum, *total);
  if (may_be_negative) return {};
  for (const auto& [account, balance] : balances) {
    if (balance < 0) return fmt::format("{} in account {}, which is below 0", balance, account);
  }
  return {};
}

Step<Bank::State> Bank::transfer(const State& state, const Transfer& transfer) const {
  auto next = state;
  if (state.is_known) {
    const bool exist = next.balances.contains(transfer.from) && next.balances.contains(transfer.to);
    if (!exist) return Step<State>::illegal();
  }
  if (transfer.from == transfer.to) return Step<State>::to(std::move(next));
  auto& source = next.balances[transfer.from];
  auto& target = next.balances[transfer.to];
  const bool overflows = __builtin_sub_overflow(source, transfer.amount, &source) ||
                         __builtin_add_overflow(target, transfer.amount, &target);
  if (overflows || (state.is_known && !may_be_negative && source < 0)) {
    return Step<State>::illegal();
  }
  if (!state.is_known) {
    auto& lowest = next.lowest[transfer.from];
    lowest = std::min(lowest, source);
  }
  return Step<State>::to(std::move(next));
}

/// Whether accounts that changed like this can have these balances without having been below 0.
bool Bank::could_have_led_to(const State& state, const Balances& seen) const {
  for (const auto& [account, change] : state.balances) {
    const auto now = seen.find(account);
    if (now == seen.end()) return false;
    const auto least = state.lowest.find(account);
    std::int64_t at_first = 0;
    if (__builtin_sub_overflow(now->second, change, &at_first)) return false;
    const auto low = at_first + (least == state.lowest.end() ? 0 : least->second);
    if (!may_be_negative && low < 0) return false;
  }
  return true;
}

}  // namespace sunder::checker
