#include "checker/objects/balances.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/linearizability/sentence.h"
#include "checker/objects/read_sweep.h"

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

/// More transfers are not combined.
constexpr std::size_t most_combined = 12;
constexpr std::size_t most_plans = 64;
/// A plan of more transfers is tried in one order only.
constexpr std::size_t most_permuted = 6;

struct BankTransfer {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::int64_t amount = 0;
  /// It is of accounts that no read has.
  bool is_impossible = false;
};

class BankSweep {
 public:
  using Amounts = std::vector<std::int64_t>;
  struct Undo {
    bool is_first_read = false;
    std::int64_t lowest = 0;
  };

  BankSweep(Operations operations, const Bank& bank, Budget& budget)
      : operations_(operations), bank_(bank), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    if (!collect()) return {};
    ReadSweep<BankSweep, Undo> sweep(operations_, *this, budget_);
    FastAnswer answer;
    if (sweep.run()) {
      answer.kind = FastAnswer::Kind::linearizable;
      if (asked == Asked::order) answer.order = sweep.order();
      return answer;
    }
    if (!is_exhaustive_) return {};
    answer.kind = FastAnswer::Kind::not_linearizable;
    for (Place place = 0; place < operations_.size(); ++place) {
      const auto& operation = *operations_[place];
      const bool is_before = operation.invoked <= sweep.furthest().at;
      if (!is_void(operation) && is_before) answer.conflict.push_back(place);
    }
    return answer;
  }

  void add_plans(Place target, const AvailableUpdates& available, std::vector<Plan>& plans);
  bool fits(Place read) const { return is_known_ && balances_ == readings_[number_of_[read]]; }
  Undo take_effect(Place place);
  void undo(Place place, const Undo& undo);
  SetMark mark() const;

 private:
  bool collect();
  bool collect_transfer(Place place);
  bool is_read(Place place) const { return operations_[place]->f == "read"; }
  const BankTransfer& transfer(Place place) const { return transfers_[number_of_[place]]; }

  std::vector<Place> candidates(const AvailableUpdates& available);
  void add_sums(const Amounts& difference, const std::vector<Place>& from, bool with_crashed,
                const AvailableUpdates& available, std::vector<Plan>& plans);
  void add_first_reads(Place read, const std::vector<Place>& from, std::vector<Plan>& plans);
  void add_helped(Place forced, const std::vector<Place>& from, std::vector<Plan>& plans);
  bool is_possible_first(Place read, const Plan& before) const;
  bool put_in_order(Plan& plan);
  bool can_follow(const BankTransfer& transfer, const Amounts& balances) const {
    return bank_.may_be_negative || transfer.from == transfer.to ||
           balances[transfer.from] >= transfer.amount;
  }
  bool find_order(Plan& plan, std::size_t placed, Amounts& balances) const;
  static void apply(const BankTransfer& transfer, Amounts& balances, std::int64_t sign = 1) {
    balances[transfer.from] -= sign * transfer.amount;
    balances[transfer.to] += sign * transfer.amount;
  }

  Operations operations_;
  const Bank& bank_;
  Budget& budget_;
  std::map<std::string, std::uint32_t> accounts_;
  /// Of an operation, by its place: its number among the reads or the transfers.
  std::vector<std::uint32_t> number_of_;
  std::vector<Amounts> readings_;
  std::vector<BankTransfer> transfers_;
  bool is_known_ = false;
  /// If they are not known: how they changed since the beginning, and the least change so far.
  Amounts balances_;
  Amounts lowest_;
  /// Of the first read: the balances at the beginning.
  Amounts at_first_;
  bool is_exhaustive_ = true;
};

/// False if the procedure does not apply.
bool BankSweep::collect() {
  number_of_.assign(operations_.size(), 0);
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (!is_read(place) || !must_happen(operation)) continue;
    const auto seen = *Bank::balances_in(operation.result);
    budget_.spend(seen.size() * sizeof(std::int64_t));
    if (readings_.empty()) {
      for (const auto& [account, balance] : seen) {
        accounts_.emplace(account, static_cast<std::uint32_t>(accounts_.size()));
      }
    }
    number_of_[place] = static_cast<std::uint32_t>(readings_.size());
    auto& reading = readings_.emplace_back();
    for (const auto& [account, balance] : seen) reading.push_back(balance);
  }
  if (readings_.empty()) return false;
  balances_.assign(accounts_.size(), 0);
  lowest_.assign(accounts_.size(), 0);
  if (bank_.first) {
    if (bank_.first->size() != accounts_.size()) return false;
    is_known_ = true;
    for (const auto& [account, balance] : *bank_.first) {
      const auto number = accounts_.find(account);
      if (number == accounts_.end()) return false;
      balances_[number->second] = balance;
    }
  }
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (operation.f == "open" && !is_void(operation)) return false;
    if (operation.f == "transfer" && !is_void(operation) && !collect_transfer(place)) return false;
  }
  return true;
}

bool BankSweep::collect_transfer(Place place) {
  budget_.spend();
  constexpr std::int64_t largest = std::int64_t{1} << 40;
  const auto asked = *Bank::transfer_in(operations_[place]->argument);
  const auto from = accounts_.find(asked.from);
  const auto to = accounts_.find(asked.to);
  number_of_[place] = static_cast<std::uint32_t>(transfers_.size());
  auto& each = transfers_.emplace_back();
  each.is_impossible = from == accounts_.end() || to == accounts_.end();
  if (each.is_impossible) return !must_happen(*operations_[place]);
  each = {from->second, to->second, asked.amount};
  return asked.amount <= largest;  // so that no sum of them overflows
}

void BankSweep::add_plans(Place target, const AvailableUpdates& available,
                          std::vector<Plan>& plans) {
  if (!is_read(target)) {
    if (!is_known_ || can_follow(transfer(target), balances_)) return plans.push_back({target});
    return add_helped(target, candidates(available), plans);
  }
  const auto from = candidates(available);
  if (!is_known_) return add_first_reads(target, from, plans);
  Amounts difference = readings_[number_of_[target]];
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= balances_[i];
  add_sums(difference, from, false, available, plans);
  if (plans.empty()) add_sums(difference, from, true, available, plans);
}

/// The transfers that are combined: all that are available, else those that return.
std::vector<Place> BankSweep::candidates(const AvailableUpdates& available) {
  std::vector<Place> returning;
  std::vector<Place> crashed;
  available.for_each([&](Place update) {
    if (operations_[update]->f != "transfer" || transfer(update).is_impossible) return;
    (must_happen(*operations_[update]) ? returning : crashed).push_back(update);
  });
  // In an order that does not depend on the way here.
  std::sort(returning.begin(), returning.end());
  std::sort(crashed.begin(), crashed.end());
  const bool all_fit = returning.size() + crashed.size() <= most_combined;
  if (all_fit) returning.insert(returning.end(), crashed.begin(), crashed.end());
  if (!all_fit) is_exhaustive_ = false;
  if (returning.size() > most_combined) returning.resize(most_combined);
  return returning;
}

/// Plans whose transfers add up to the difference. With one crashed transfer besides, if
/// `with_crashed`.
void BankSweep::add_sums(const Amounts& difference, const std::vector<Place>& from,
                         bool with_crashed, const AvailableUpdates& available,
                         std::vector<Plan>& plans) {
  std::vector<Plan> extras = {{}};
  if (with_crashed) {
    extras.clear();
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::int64_t>> kinds;
    available.for_each([&](Place update) {
      if (operations_[update]->f != "transfer" || must_happen(*operations_[update])) return;
      const auto& each = transfer(update);
      const bool is_new =
          !each.is_impossible && kinds.emplace(each.from, each.to, each.amount).second;
      if (is_new && std::find(from.begin(), from.end(), update) == from.end()) {
        extras.push_back({update});
      }
    });
  }
  for (const auto& extra : extras) {
    Amounts rest = difference;
    for (const auto update : extra) apply(transfer(update), rest, -1);
    budget_.spend((std::size_t{1} << from.size()) * sizeof(std::int64_t));
    // Gray code: one transfer goes in or out at each step.
    std::size_t chosen = 0;
    for (std::size_t step = 0;; ++step) {
      const bool is_sum =
          std::all_of(rest.begin(), rest.end(), [](auto each) { return each == 0; });
      if (is_sum) {
        Plan plan = extra;
        for (std::size_t i = 0; i < from.size(); ++i) {
          if ((chosen >> i & 1) != 0) plan.push_back(from[i]);
        }
        if (put_in_order(plan)) plans.push_back(std::move(plan));
      }
      const auto next = static_cast<std::size_t>(std::countr_zero(step + 1));
      if (next >= from.size()) break;
      chosen ^= std::size_t{1} << next;
      const bool goes_in = (chosen >> next & 1) != 0;
      apply(transfer(from[next]), rest, goes_in ? -1 : 1);
    }
    if (plans.size() > most_plans) break;
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const Plan& left, const Plan& right) { return left.size() < right.size(); });
  if (plans.size() > most_plans) {
    is_exhaustive_ = false;
    plans.resize(most_plans);
  }
}

/// Before the first read any of the transfers may have happened.
void BankSweep::add_first_reads(Place read, const std::vector<Place>& from,
                                std::vector<Plan>& plans) {
  for (std::size_t chosen = 0; chosen < std::size_t{1} << from.size(); ++chosen) {
    budget_.spend();
    Plan plan;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if ((chosen >> i & 1) != 0) plan.push_back(from[i]);
    }
    if (!is_possible_first(read, plan)) {
      is_exhaustive_ = is_exhaustive_ && plan.size() < 2;  // in another order, perhaps
      continue;
    }
    plan.push_back(read);
    plans.push_back(std::move(plan));
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const Plan& left, const Plan& right) { return left.size() < right.size(); });
}

/// Whether no account was below 0 so far, if the read shows what is there behind these.
bool BankSweep::is_possible_first(Place read, const Plan& before) const {
  if (bank_.may_be_negative) return true;
  auto changes = balances_;
  auto lowest = lowest_;
  for (const auto update : before) {
    const auto& each = transfer(update);
    apply(each, changes);
    if (each.from != each.to) lowest[each.from] = std::min(lowest[each.from], changes[each.from]);
  }
  const auto& seen = readings_[number_of_[read]];
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] - changes[i] + lowest[i] < 0) return false;
  }
  return true;
}

/// A transfer of money that is not there: behind one or two that bring it.
void BankSweep::add_helped(Place forced, const std::vector<Place>& from, std::vector<Plan>& plans) {
  if (from.size() > 1) is_exhaustive_ = false;  // by way of third accounts, perhaps
  for (const auto first : from) {
    for (const auto second : from) {
      if (first == forced || second == forced) continue;
      Plan plan = first == second ? Plan{first, forced} : Plan{first, second, forced};
      auto balances = balances_;
      const bool is_legal = std::all_of(plan.begin(), plan.end(), [&](Place update) {
        const bool follows = can_follow(transfer(update), balances);
        apply(transfer(update), balances);
        return follows;
      });
      if (is_legal) plans.push_back(std::move(plan));
    }
  }
}

/// Into an order in which no balance is below 0. False if none was found.
bool BankSweep::put_in_order(Plan& plan) {
  auto balances = balances_;
  if (find_order(plan, 0, balances)) return true;
  if (plan.size() > most_permuted) is_exhaustive_ = false;
  return false;
}

bool BankSweep::find_order(Plan& plan, std::size_t placed, Amounts& balances) const {
  if (placed == plan.size()) return true;
  for (auto i = placed; i < plan.size(); ++i) {
    const auto& each = transfer(plan[i]);
    if (!can_follow(each, balances)) continue;
    std::swap(plan[placed], plan[i]);
    apply(each, balances);
    if (find_order(plan, placed + 1, balances)) return true;
    apply(each, balances, -1);
    std::swap(plan[placed], plan[i]);
    if (plan.size() > most_permuted) return false;
  }
  return false;
}

BankSweep::Undo BankSweep::take_effect(Place place) {
  if (is_read(place)) {
    if (is_known_) return {};
    const auto& seen = readings_[number_of_[place]];
    at_first_ = seen;
    for (std::size_t i = 0; i < seen.size(); ++i) at_first_[i] -= balances_[i];
    balances_ = seen;
    is_known_ = true;
    return {true, 0};
  }
  const auto& each = transfer(place);
  const Undo undo{false, lowest_[each.from]};
  apply(each, balances_);
  if (!is_known_ && each.from != each.to) {
    lowest_[each.from] = std::min(lowest_[each.from], balances_[each.from]);
  }
  return undo;
}

void BankSweep::undo(Place place, const Undo& undo) {
  if (undo.is_first_read) {
    for (std::size_t i = 0; i < balances_.size(); ++i) balances_[i] -= at_first_[i];
    is_known_ = false;
  } else if (!is_read(place)) {
    apply(transfer(place), balances_, -1);
    lowest_[transfer(place).from] = undo.lowest;
  }
}

SetMark BankSweep::mark() const {
  SetMark mark;
  for (const auto* amounts : {&balances_, &lowest_}) {
    for (std::size_t i = 0; i < amounts->size(); ++i) {
      const auto place = 2 * i + (amounts == &lowest_ ? 1 : 0);
      mark.toggle(static_cast<std::uint64_t>((*amounts)[i]) * 2 * amounts->size() + place);
    }
  }
  return mark;
}

}  // namespace

FastAnswer decide_by_balances(Operations operations, const Bank& bank, Budget& budget,
                              Asked asked) {
  auto answer = check_reads(operations, bank, budget);
  const bool is_found = answer.kind != FastAnswer::Kind::not_applicable;
  if (is_found || any_may_lapse(operations)) return answer;
  return BankSweep(operations, bank, budget).decide(asked);
}

}  // namespace sunder::checker
