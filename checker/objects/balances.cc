#include "checker/objects/balances.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/linearizability/sentence.h"
#include "checker/objects/amount_sweep.h"

namespace sunder::checker {

namespace {

using history::Operation;
using Operations = std::span<const Operation* const>;

bool same_accounts(const Bank::Balances& left, const Bank::Balances& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& one, const auto& other) { return one.first == other.first; });
}

FastAnswer refused(std::vector<std::size_t> conflict, std::string why) {
  FastAnswer answer;
  answer.kind = FastAnswer::Kind::not_linearizable;
  answer.conflict = std::move(conflict);
  answer.why = std::move(why);
  return answer;
}

std::string who(const Operation& read) {
  return name_of_client(read) + " read ";
}

/// Transfers change neither the total nor the accounts.
std::string change_between(const Bank::Balances& before, const Bank::Balances& behind,
                           const Operation& first, const Operation& second) {
  const auto had = Bank::sum_of(before);
  const auto has = Bank::sum_of(behind);
  if (had != has) {
    return fmt::format("{}a total of {}, but {}one of {}", who(second), has, who(first), had);
  }
  if (same_accounts(before, behind)) return {};
  return fmt::format("{}other accounts than {} did", who(second), name_of_client(first));
}

/// What a read of the whole must not be, whatever was transferred. Not applicable if all is well.
FastAnswer check_reads(Operations operations, const Bank& bank, Budget& budget) {
  std::optional<std::size_t> first;
  Bank::Balances before;
  for (std::size_t place = 0; place < operations.size(); ++place) {
    const auto& read = *operations[place];
    budget.spend();
    if (read.f != "read" || !must_happen(read)) continue;
    auto seen = *Bank::balances_in(read.result);
    if (const auto why = bank.complaint_about(seen); !why.empty()) {
      return refused({place}, who(read) + why);
    }
    if (bank.first && Bank::sum_of(*bank.first) != Bank::sum_of(seen)) {
      return refused({place}, fmt::format("{}a total of {}, but it was {} at the start", who(read),
                                          Bank::sum_of(seen), Bank::sum_of(*bank.first)));
    }
    if (!first) {
      first = place;
      before = std::move(seen);
      continue;
    }
    if (auto why = change_between(before, seen, *operations[*first], read); !why.empty()) {
      return refused({*first, place}, std::move(why));
    }
  }
  return {};
}

/// Absent if the procedure does not apply.
std::optional<AmountProblem> problem_of(Operations operations, const Bank& bank, Budget& budget) {
  AmountProblem problem;
  problem.may_be_negative = bank.may_be_negative;
  problem.number_of.assign(operations.size(), 0);
  std::map<std::string, std::uint32_t> accounts;
  for (Place place = 0; place < operations.size(); ++place) {
    const auto& operation = *operations[place];
    if (operation.f != "read" || !must_happen(operation)) continue;
    const auto seen = *Bank::balances_in(operation.result);
    budget.spend(seen.size() * sizeof(std::int64_t));
    if (problem.readings.empty()) {
      for (const auto& [account, balance] : seen) {
        accounts.emplace(account, static_cast<std::uint32_t>(accounts.size()));
      }
    }
    problem.number_of[place] = static_cast<std::uint32_t>(problem.readings.size());
    auto& reading = problem.readings.emplace_back();
    for (const auto& [account, balance] : seen) reading.push_back(balance);
  }
  if (problem.readings.empty()) return std::nullopt;
  if (bank.first) {
    if (bank.first->size() != accounts.size()) return std::nullopt;
    problem.first.emplace(accounts.size(), 0);
    for (const auto& [account, balance] : *bank.first) {
      const auto number = accounts.find(account);
      if (number == accounts.end()) return std::nullopt;
      (*problem.first)[number->second] = balance;
    }
  }
  const auto number_of = [&](const std::string& account) {
    const auto found = accounts.find(account);
    return found == accounts.end() ? no_account : found->second;
  };
  for (Place place = 0; place < operations.size(); ++place) {
    const auto& operation = *operations[place];
    if (is_void(operation) || operation.f == "read") continue;
    if (operation.f != "transfer") return std::nullopt;
    budget.spend();
    const auto asked = *Bank::transfer_in(operation.argument);
    Movement movement{number_of(asked.from), number_of(asked.to), asked.amount};
    movement.is_impossible = movement.from == no_account || movement.to == no_account;
    const bool applies = !movement.is_impossible || !must_happen(operation);
    if (!applies || asked.amount > largest_amount) return std::nullopt;
    problem.number_of[place] = static_cast<std::uint32_t>(problem.movements.size());
    problem.movements.push_back(movement);
  }
  return problem;
}

}  // namespace

FastAnswer decide_by_balances(Operations operations, const Bank& bank, Budget& budget,
                              Asked asked) {
  auto answer = check_reads(operations, bank, budget);
  const bool is_found = answer.kind != FastAnswer::Kind::not_applicable;
  if (is_found || any_may_lapse(operations)) return answer;
  const auto problem = problem_of(operations, bank, budget);
  return problem ? decide_by_amounts(operations, *problem, budget, asked) : answer;
}

}  // namespace sunder::checker
