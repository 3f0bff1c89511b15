#include "checker/objects/balances.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::Operation;

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

}  // namespace

FastAnswer decide_by_balances(std::span<const Operation* const> operations, const Bank& bank,
                              Budget& budget) {
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

}  // namespace sunder::checker
