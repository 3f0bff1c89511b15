#include "checker/objects/amount_sweep.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "checker/objects/read_sweep.h"

namespace sunder::checker {

namespace {

using history::Operation;
using Operations = std::span<const Operation* const>;

/// More movements before the first read are not combined.
constexpr std::size_t most_combined = 10;
constexpr std::size_t most_plans_tried = 64;
/// Crashed movements of one plan.
constexpr std::size_t most_crashed = 2;
/// Of the search for one read's sums.
constexpr std::size_t most_steps = 5'000;
/// A plan of more movements is tried in one order only.
constexpr std::size_t most_permuted = 6;

class AmountSweep {
 public:
  using Amounts = std::vector<std::int64_t>;
  struct Undo {
    bool is_first_read = false;
    std::int64_t lowest = 0;
  };

  AmountSweep(Operations operations, const AmountProblem& problem, Budget& budget)
      : operations_(operations), problem_(problem), budget_(budget) {
    const auto accounts = problem.readings.front().size();
    is_known_ = problem.first.has_value();
    balances_ = problem.first.value_or(Amounts(accounts, 0));
    lowest_.assign(accounts, 0);
    const auto& all = problem.movements;
    only_grows_ = std::all_of(all.begin(), all.end(), [](const Movement& each) {
      return each.from == no_account && each.amount > 0;
    });
    has_crashed_ = std::any_of(operations.begin(), operations.end(), [](const auto* each) {
      return each->f != "read" && !is_void(*each) && !must_happen(*each);
    });
  }

  FastAnswer decide(Asked asked) {
    ReadSweep<AmountSweep, Undo> sweep(operations_, *this, budget_);
    FastAnswer answer;
    if (sweep.run()) {
      answer.kind = FastAnswer::Kind::linearizable;
      if (asked == Asked::order) answer.order = sweep.order();
      return answer;
    }
    if (!is_exhaustive_ || sweep.gave_up()) return {};
    answer.kind = FastAnswer::Kind::not_linearizable;
    for (Place place = 0; place < operations_.size(); ++place) {
      const auto& operation = *operations_[place];
      const bool is_before = operation.invoked <= sweep.furthest().at;
      if (!is_void(operation) && is_before) answer.conflict.push_back(place);
    }
    return answer;
  }

  void add_plans(Place target, const AvailableUpdates& available, std::vector<Plan>& plans);
  bool fits(Place read) const {
    return is_known_ && balances_ == problem_.readings[number_of(read)];
  }
  Undo take_effect(Place place);
  void undo(Place place, const Undo& undo);
  SetMark mark() const;

 private:
  /// The movements that add up to what is left.
  struct SumSearch {
    Amounts rest;
    std::vector<Place> candidates;
    std::vector<bool> is_out;
    std::size_t crashed_left;
    Plan chosen;
    std::vector<Plan>& plans;
  };

  bool is_read(Place place) const { return operations_[place]->f == "read"; }
  const Movement& movement(Place place) const { return problem_.movements[number_of(place)]; }
  std::uint32_t number_of(Place place) const { return problem_.number_of[place]; }

  std::vector<Place> returning_movements(const AvailableUpdates& available) const;
  std::vector<Place> crashed_kinds(const AvailableUpdates& available) const;
  void add_sums(const Amounts& difference, const AvailableUpdates& available,
                std::vector<Plan>& plans);
  void find_sums(SumSearch& search);
  void add_first_reads(Place read, const AvailableUpdates& available, std::vector<Plan>& plans);
  void add_helped(Place forced, const std::vector<Place>& from, std::vector<Plan>& plans);
  bool is_possible_first(Place read, const Plan& before) const;
  bool put_in_order(Plan& plan);
  bool can_follow(const Movement& each, const Amounts& balances) const {
    return problem_.may_be_negative || each.from == each.to || each.from == no_account ||
           balances[each.from] >= each.amount;
  }
  bool find_order(Plan& plan, std::size_t placed, Amounts& balances) const;
  static void apply(const Movement& each, Amounts& balances, std::int64_t sign = 1) {
    if (each.from != no_account) balances[each.from] -= sign * each.amount;
    balances[each.to] += sign * each.amount;
  }

  Operations operations_;
  const AmountProblem& problem_;
  Budget& budget_;
  bool is_known_ = false;
  /// If they are not known: how they changed since the beginning, and the least change so far.
  Amounts balances_;
  Amounts lowest_;
  /// Of the first read: the balances at the beginning.
  Amounts at_first_;
  bool only_grows_ = false;
  bool has_crashed_ = false;
  std::size_t steps_left_ = 0;
  bool is_exhaustive_ = true;
};

void AmountSweep::add_plans(Place target, const AvailableUpdates& available,
                            std::vector<Plan>& plans) {
  if (!is_read(target)) {
    if (!is_known_ || can_follow(movement(target), balances_)) return plans.push_back({target});
    return add_helped(target, returning_movements(available), plans);
  }
  if (!is_known_) return add_first_reads(target, available, plans);
  Amounts difference = problem_.readings[number_of(target)];
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= balances_[i];
  add_sums(difference, available, plans);
}

/// In an order that does not depend on the way here.
std::vector<Place> AmountSweep::returning_movements(const AvailableUpdates& available) const {
  std::vector<Place> returning;
  available.for_each([&](Place update) {
    if (must_happen(*operations_[update])) returning.push_back(update);
  });
  std::sort(returning.begin(), returning.end(), [this](Place left, Place right) {
    return operations_[left]->returned < operations_[right]->returned;
  });
  return returning;
}

/// Of crashed movements that are alike, the first `most_crashed`.
std::vector<Place> AmountSweep::crashed_kinds(const AvailableUpdates& available) const {
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::int64_t>, std::size_t> counts;
  std::vector<Place> crashed;
  available.for_each([&](Place update) {
    const auto& each = movement(update);
    if (must_happen(*operations_[update]) || each.is_impossible) return;
    if (counts[{each.from, each.to, each.amount}]++ < most_crashed) crashed.push_back(update);
  });
  std::sort(crashed.begin(), crashed.end());
  return crashed;
}

/// Plans whose movements add up to the difference: without crashed ones, else with a few.
void AmountSweep::add_sums(const Amounts& difference, const AvailableUpdates& available,
                           std::vector<Plan>& plans) {
  if (has_crashed_) is_exhaustive_ = false;
  SumSearch search{difference, returning_movements(available), {}, 0, {}, plans};
  for (std::size_t most = 0; most <= most_crashed && plans.empty(); ++most) {
    if (most == 1) {
      const auto crashed = crashed_kinds(available);
      if (crashed.empty()) return;
      search.candidates.insert(search.candidates.end(), crashed.begin(), crashed.end());
    }
    search.is_out.assign(search.candidates.size(), false);
    search.crashed_left = most;
    steps_left_ = most_steps;
    find_sums(search);
    if (steps_left_ == 0 || plans.size() >= most_plans_tried) is_exhaustive_ = false;
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const Plan& left, const Plan& right) { return left.size() < right.size(); });
}

/// Each movement of an account whose rest is not 0, one after the other: in, then out. Movements
/// that add up to 0 need not be in: they may as well happen later.
void AmountSweep::find_sums(SumSearch& search) {
  if (steps_left_ == 0 || search.plans.size() >= most_plans_tried) return;
  --steps_left_;
  budget_.spend();
  const auto open = std::find_if(search.rest.begin(), search.rest.end(),
                                 [](std::int64_t each) { return each != 0; });
  if (open == search.rest.end()) {
    auto plan = search.chosen;
    if (put_in_order(plan)) search.plans.push_back(std::move(plan));
    return;
  }
  const auto account = static_cast<std::uint32_t>(open - search.rest.begin());
  std::vector<std::size_t> tried;
  for (std::size_t i = 0; i < search.candidates.size(); ++i) {
    const auto place = search.candidates[i];
    const auto& each = movement(place);
    const bool touches = each.from == account || each.to == account;
    const bool is_crashed = !must_happen(*operations_[place]);
    if (search.is_out[i] || !touches || each.from == each.to || each.amount == 0) continue;
    if (is_crashed && search.crashed_left == 0) continue;
    // Amounts of one sign cannot take back what is too much.
    const bool is_too_much = only_grows_ && search.rest[account] < each.amount;
    if (is_too_much) continue;
    search.is_out[i] = true;
    tried.push_back(i);
    search.crashed_left -= is_crashed ? 1 : 0;
    search.chosen.push_back(place);
    apply(each, search.rest, -1);
    find_sums(search);
    apply(each, search.rest);
    search.chosen.pop_back();
    search.crashed_left += is_crashed ? 1 : 0;
  }
  for (const auto i : tried) search.is_out[i] = false;
}

/// Before the first read any of the transfers may have happened.
void AmountSweep::add_first_reads(Place read, const AvailableUpdates& available,
                                  std::vector<Plan>& plans) {
  auto from = returning_movements(available);
  if (from.size() > most_combined || has_crashed_) is_exhaustive_ = false;
  from.resize(std::min(from.size(), most_combined));
  for (std::size_t chosen = 0; chosen < std::size_t{1} << from.size(); ++chosen) {
    budget_.spend();
    Plan plan;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if ((chosen >> i & 1) != 0) plan.push_back(from[i]);
    }
    if (!is_possible_first(read, plan)) {
      is_exhaustive_ = false;  // in another order, perhaps, of these or of those before
      continue;
    }
    plan.push_back(read);
    plans.push_back(std::move(plan));
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const Plan& left, const Plan& right) { return left.size() < right.size(); });
}

/// Whether no account was below 0 so far, if the read shows what is there behind these.
bool AmountSweep::is_possible_first(Place read, const Plan& before) const {
  if (problem_.may_be_negative) return true;
  auto changes = balances_;
  auto lowest = lowest_;
  for (const auto update : before) {
    const auto& each = movement(update);
    apply(each, changes);
    if (each.from != each.to) lowest[each.from] = std::min(lowest[each.from], changes[each.from]);
  }
  const auto& seen = problem_.readings[number_of(read)];
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] - changes[i] + lowest[i] < 0) return false;
  }
  return true;
}

/// A transfer of money that is not there: behind one or two that bring it.
void AmountSweep::add_helped(Place forced, const std::vector<Place>& from,
                             std::vector<Plan>& plans) {
  if (from.size() > 1) is_exhaustive_ = false;  // by way of third accounts, perhaps
  for (const auto first : from) {
    for (const auto second : from) {
      if (first == forced || second == forced) continue;
      Plan plan = first == second ? Plan{first, forced} : Plan{first, second, forced};
      auto balances = balances_;
      const bool is_legal = std::all_of(plan.begin(), plan.end(), [&](Place update) {
        const bool follows = can_follow(movement(update), balances);
        apply(movement(update), balances);
        return follows;
      });
      if (is_legal) plans.push_back(std::move(plan));
    }
  }
}

/// Into an order in which no balance is below 0. False if none was found.
bool AmountSweep::put_in_order(Plan& plan) {
  auto balances = balances_;
  if (find_order(plan, 0, balances)) return true;
  if (plan.size() > most_permuted) is_exhaustive_ = false;
  return false;
}

bool AmountSweep::find_order(Plan& plan, std::size_t placed, Amounts& balances) const {
  if (placed == plan.size()) return true;
  for (auto i = placed; i < plan.size(); ++i) {
    const auto& each = movement(plan[i]);
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

AmountSweep::Undo AmountSweep::take_effect(Place place) {
  if (is_read(place)) {
    if (is_known_) return {};
    const auto& seen = problem_.readings[number_of(place)];
    at_first_ = seen;
    for (std::size_t i = 0; i < seen.size(); ++i) at_first_[i] -= balances_[i];
    balances_ = seen;
    is_known_ = true;
    return {true, 0};
  }
  const auto& each = movement(place);
  const Undo undo{false, each.from == no_account ? 0 : lowest_[each.from]};
  apply(each, balances_);
  if (!is_known_ && each.from != each.to && each.from != no_account) {
    lowest_[each.from] = std::min(lowest_[each.from], balances_[each.from]);
  }
  return undo;
}

void AmountSweep::undo(Place place, const Undo& undo) {
  if (undo.is_first_read) {
    for (std::size_t i = 0; i < balances_.size(); ++i) balances_[i] -= at_first_[i];
    is_known_ = false;
  } else if (!is_read(place)) {
    apply(movement(place), balances_, -1);
    if (movement(place).from != no_account) lowest_[movement(place).from] = undo.lowest;
  }
}

SetMark AmountSweep::mark() const {
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

FastAnswer decide_by_amounts(Operations operations, const AmountProblem& problem, Budget& budget,
                             Asked asked) {
  return AmountSweep(operations, problem, budget).decide(asked);
}

}  // namespace sunder::checker
