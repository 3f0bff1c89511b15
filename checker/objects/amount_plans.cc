#include "checker/objects/amount_plans.h"

#include <algorithm>
#include <utility>

namespace sunder::checker {

namespace {

/// More movements before the first read, or together with crashed ones, are not combined.
constexpr std::size_t most_combined = 10;
constexpr std::size_t most_plans_tried = 64;
/// Crashed movements of one plan. Where more crashed, not everything is tried anyway.
constexpr std::size_t most_crashed_of_a_plan = 3;
constexpr std::size_t most_plans_of_many_crashed = 8;
/// Of the search for one read's sums.
constexpr std::size_t most_steps = 5'000;
/// A plan of more movements is tried in one order only.
constexpr std::size_t most_permuted = 6;

bool is_not_zero(std::int64_t amount) {
  return amount != 0;
}

}  // namespace

CrashedMovements::CrashedMovements(std::span<const history::Operation* const> operations,
                                   const AmountProblem& problem)
    : of_account_(problem.readings.front().size()) {
  for (Place place = 0; place < operations.size(); ++place) {
    const auto& operation = *operations[place];
    if (operation.f == "read" || is_void(operation) || must_happen(operation)) continue;
    const auto& each = problem.movements[problem.number_of[place]];
    if (each.is_impossible || each.from == each.to || each.amount == 0) continue;
    const auto [found, is_new] = numbers_.emplace(key_of(each), kinds_.size());
    if (is_new) {
      kinds_.push_back({each, {}});
      of_account_[each.to].push_back(found->second);
      if (each.from != no_account) of_account_[each.from].push_back(found->second);
    }
    kinds_[found->second].places.push_back(place);
    from_.push_back(operation.invoked);
  }
}

std::size_t CrashedMovements::invoked_by(history::Position now) const {
  const auto end = std::upper_bound(from_.begin(), from_.end(), now);
  return static_cast<std::size_t>(end - from_.begin());
}

AmountPlans::AmountPlans(std::span<const history::Operation* const> operations,
                         const AmountProblem& problem, Budget& budget)
    : operations_(operations),
      problem_(problem),
      budget_(budget),
      crashed_(operations, problem),
      only_grows_(
          problem.readings.front().size() == 1 &&
          std::all_of(problem.movements.begin(), problem.movements.end(), [](const Movement& each) {
            return each.from == no_account && each.amount > 0;
          })) {}

std::size_t AmountPlans::most_crashed() const {
  return std::min(most_crashed_of_a_plan, crashed_.count());
}

void AmountPlans::add(const AmountScene& scene, Place target, std::size_t crashed,
                      std::vector<AmountPlan>& plans) {
  const auto& state = scene.state;
  if (operations_[target]->f == "read") {
    if (state.is_known) return add_sums(scene, target, crashed, plans);
    if (crashed == 0) add_first_reads(scene, target, plans);
    return;
  }
  if (crashed > 0) return;
  if (!state.is_known || can_follow(movement(target), state.balances)) {
    return plans.push_back({target});
  }
  if (count_crashed(scene) > 0) is_exhaustive_ = false;
  add_helped(scene, target, plans);
}

/// Plans whose movements add up to the difference, with that many crashed ones.
void AmountPlans::add_sums(const AmountScene& scene, Place read, std::size_t crashed,
                           std::vector<AmountPlan>& plans) {
  const auto all_crashed = count_crashed(scene);
  if (crashed > all_crashed) return;
  SumSearch search{scene, reading(read), plans, most_plans_tried, {}, {}, {}, {}, most_steps};
  for (std::size_t i = 0; i < search.rest.size(); ++i) search.rest[i] -= scene.state.balances[i];
  std::copy_if(scene.open.begin(), scene.open.end(), std::back_inserter(search.candidates),
               [this](Place place) {
                 const auto& each = movement(place);
                 return each.from != each.to && each.amount != 0;
               });
  search.parts.assign(search.candidates.size(), Part::open);
  if (all_crashed > most_crashed_of_a_plan) {
    is_exhaustive_ = false;
    if (crashed > 0) search.most_plans = most_plans_of_many_crashed;
  }
  if (crashed == 0) {
    find_sums(search);
  } else {
    combine(search, 0, crashed);
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const auto& left, const auto& right) { return left.size() < right.size(); });
}

bool AmountPlans::may_go_on(SumSearch& search) {
  if (search.steps_left == 0 || search.plans.size() >= search.most_plans) {
    is_exhaustive_ = false;
    return false;
  }
  --search.steps_left;
  budget_.spend();
  return true;
}

/// Of movements that are alike, the first one to return goes first.
bool AmountPlans::is_dominated(const SumSearch& search, std::size_t candidate) const {
  const auto key = CrashedMovements::key_of(movement(search.candidates[candidate]));
  for (std::size_t i = 0; i < candidate; ++i) {
    const bool is_chosen = search.parts[i] == Part::chosen;
    if (!is_chosen && CrashedMovements::key_of(movement(search.candidates[i])) == key) return true;
  }
  return false;
}

void AmountPlans::add_plan(SumSearch& search) {
  auto plan = search.chosen;
  auto balances = search.scene.state.balances;
  if (find_order(plan, 0, balances)) {
    search.plans.push_back(std::move(plan));
  } else {
    is_exhaustive_ = false;  // with others that bring money, perhaps
  }
}

/// Each movement of an account whose rest is not 0, one after the other: in, then out. Movements
/// that add up to 0 need not be in: they may as well happen later.
void AmountPlans::find_sums(SumSearch& search) {
  if (!may_go_on(search)) return;
  const auto open = std::find_if(search.rest.begin(), search.rest.end(), is_not_zero);
  if (open == search.rest.end()) return add_plan(search);
  const auto account = static_cast<std::uint32_t>(open - search.rest.begin());
  std::vector<std::size_t> tried;
  for (std::size_t i = 0; i < search.candidates.size(); ++i) {
    const auto place = search.candidates[i];
    const auto& each = movement(place);
    const bool touches = each.from == account || each.to == account;
    if (search.parts[i] != Part::open || !touches || is_dominated(search, i)) continue;
    // Amounts of one sign cannot take back what is too much.
    const bool is_too_much = only_grows_ && search.rest[account] < each.amount;
    if (is_too_much) continue;
    search.parts[i] = Part::chosen;
    search.chosen.push_back(place);
    apply(each, search.rest, -1);
    find_sums(search);
    apply(each, search.rest);
    search.chosen.pop_back();
    search.parts[i] = Part::left_out;
    tried.push_back(i);
  }
  for (const auto i : tried) search.parts[i] = Part::open;
}

/// Each choice of those that return, and then crashed ones that make up the rest.
void AmountPlans::combine(SumSearch& search, std::size_t candidate, std::size_t crashed) {
  if (!may_go_on(search)) return;
  if (candidate == std::min(search.candidates.size(), most_combined)) {
    if (candidate < search.candidates.size()) is_exhaustive_ = false;
    return add_crashed(search, crashed);
  }
  const auto place = search.candidates[candidate];
  const auto& each = movement(place);
  combine(search, candidate + 1, crashed);
  if (is_dominated(search, candidate)) return;
  search.parts[candidate] = Part::chosen;
  search.chosen.push_back(place);
  apply(each, search.rest, -1);
  combine(search, candidate + 1, crashed);
  apply(each, search.rest);
  search.chosen.pop_back();
  search.parts[candidate] = Part::open;
}

/// The last one is the rest itself. One before it changes the first account that is not right.
void AmountPlans::add_crashed(SumSearch& search, std::size_t crashed) {
  const auto& rest = search.rest;
  const auto open = std::find_if(rest.begin(), rest.end(), is_not_zero);
  if (open == rest.end()) return;
  const auto account = static_cast<std::uint32_t>(open - rest.begin());
  if (crashed > 1) {
    for (const auto number : crashed_.of_account(account)) {
      if (!may_go_on(search)) return;
      add_crashed_kind(search, number, crashed);
    }
    return;
  }
  CrashedMovements::Key key{no_account, account, *open};
  if (const auto other = std::find_if(open + 1, rest.end(), is_not_zero); other != rest.end()) {
    const bool is_one = *other == -*open && std::none_of(other + 1, rest.end(), is_not_zero);
    if (!is_one) return;
    const auto second = static_cast<std::uint32_t>(other - rest.begin());
    key = {account, second, *other};
    if (*open > 0) key = {second, account, *open};
  }
  if (const auto* number = crashed_.number_of(key)) add_crashed_kind(search, *number, 1);
}

/// One that returns and is alike goes first.
void AmountPlans::add_crashed_kind(SumSearch& search, std::size_t number, std::size_t crashed) {
  const auto& kind = crashed_.kind(number);
  const auto used = (*search.scene.state.used)[number] +
                    std::count(search.kinds.begin(), search.kinds.end(), number);
  const auto next = static_cast<std::size_t>(used);
  const bool is_there =
      next < kind.places.size() && operations_[kind.places[next]]->invoked <= search.scene.now;
  const bool is_too_much = only_grows_ && search.rest.front() < kind.movement.amount;
  if (!is_there || is_too_much) return;
  const auto key = CrashedMovements::key_of(kind.movement);
  for (std::size_t i = 0; i < search.candidates.size(); ++i) {
    const bool is_chosen = search.parts[i] == Part::chosen;
    if (!is_chosen && CrashedMovements::key_of(movement(search.candidates[i])) == key) return;
  }
  search.chosen.push_back(kind.places[next]);
  search.kinds.push_back(number);
  apply(kind.movement, search.rest, -1);
  if (crashed == 1) {
    add_plan(search);
  } else {
    add_crashed(search, crashed - 1);
  }
  apply(kind.movement, search.rest);
  search.kinds.pop_back();
  search.chosen.pop_back();
}

/// Before the first read any of the transfers may have happened.
void AmountPlans::add_first_reads(const AmountScene& scene, Place read,
                                  std::vector<AmountPlan>& plans) {
  const auto from = scene.open.first(std::min(scene.open.size(), most_combined));
  if (from.size() < scene.open.size() || count_crashed(scene) > 0) is_exhaustive_ = false;
  for (std::size_t chosen = 0; chosen < std::size_t{1} << from.size(); ++chosen) {
    budget_.spend();
    AmountPlan plan;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if ((chosen >> i & 1) != 0) plan.push_back(from[i]);
    }
    if (!is_possible_first(scene, read, plan)) {
      is_exhaustive_ = false;  // in another order, perhaps, of these or of those before
      continue;
    }
    plan.push_back(read);
    plans.push_back(std::move(plan));
  }
  std::stable_sort(plans.begin(), plans.end(),
                   [](const auto& left, const auto& right) { return left.size() < right.size(); });
}

/// Whether no account was below 0 so far, if the read shows what is there behind these.
bool AmountPlans::is_possible_first(const AmountScene& scene, Place read,
                                    const AmountPlan& before) const {
  if (problem_.may_be_negative) return true;
  auto changes = scene.state.balances;
  auto lowest = scene.state.lowest;
  for (const auto update : before) {
    const auto& each = movement(update);
    apply(each, changes);
    if (each.from != each.to) lowest[each.from] = std::min(lowest[each.from], changes[each.from]);
  }
  const auto& seen = reading(read);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] - changes[i] + lowest[i] < 0) return false;
  }
  return true;
}

/// A transfer of money that is not there: behind one or two that bring it.
void AmountPlans::add_helped(const AmountScene& scene, Place forced,
                             std::vector<AmountPlan>& plans) {
  const auto& from = scene.open;
  if (from.size() > 1) is_exhaustive_ = false;  // by way of third accounts, perhaps
  for (const auto first : from) {
    for (const auto second : from) {
      if (first == forced || second == forced) continue;
      AmountPlan plan =
          first == second ? AmountPlan{first, forced} : AmountPlan{first, second, forced};
      auto balances = scene.state.balances;
      const bool is_legal = std::all_of(plan.begin(), plan.end(), [&](Place update) {
        const bool follows = can_follow(movement(update), balances);
        apply(movement(update), balances);
        return follows;
      });
      if (is_legal) plans.push_back(std::move(plan));
    }
  }
}

/// Puts the plan into an order in which no balance is below 0. False if none was found.
bool AmountPlans::find_order(AmountPlan& plan, std::size_t placed, Amounts& balances) const {
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

}  // namespace sunder::checker
