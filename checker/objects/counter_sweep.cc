#include "checker/objects/counter_sweep.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/sentence.h"
#include "checker/objects/amount_sweep.h"
#include "checker/objects/timeline.h"

namespace sunder::checker {

namespace {

using history::never;
using history::Operation;
using history::Position;

/// A proof that needs more adds counts them instead.
constexpr std::size_t few_adds = 4;
constexpr std::int64_t largest_sum = std::int64_t{1} << 61;

class CounterSweep {
 public:
  CounterSweep(std::span<const Operation* const> operations, std::int64_t initial, Budget& budget)
      : operations_(operations), initial_(initial), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    if (!measure_amounts()) return {};
    moments_ = timeline_of(operations_, budget_);
    left_.assign(operations_.size(), 0);
    before_.assign(operations_.size(), 0);
    for (std::size_t i = 0; i < moments_.size(); ++i) {
      budget_.spend();
      if (!pass(i)) return std::move(answer_);
    }
    // Parts of adds fit the reads; whether whole ones do is another question.
    if (!is_exact_) return {};
    answer_.kind = FastAnswer::Kind::linearizable;
    if (asked == Asked::order) answer_.order = order();
    return std::move(answer_);
  }

 private:
  bool measure_amounts();
  bool pass(std::size_t moment);
  bool pass_read(std::size_t moment, Place place);
  bool pull(std::int64_t count);
  bool is_add(Place place) const { return operations_[place]->f == "add"; }
  std::int64_t amount(Place place) const { return *operations_[place]->argument.integer(); }
  std::int64_t units(Place place) const { return amount(place) / unit_; }
  std::optional<std::int64_t> units_read(Place place) const;

  bool refuse_alone(Place read, std::string_view reason);
  bool refuse_high(std::size_t moment, Place read);
  bool refuse_low(Place read, std::int64_t seen);
  void show_low(Place read, Place earlier, std::int64_t missing, std::vector<Place> between);
  std::string adds_told(std::size_t count, std::int64_t sum) const;
  std::vector<std::size_t> order() const;

  std::string reading(Place read) const {
    const auto& operation = *operations_[read];
    return fmt::format("{} read {}", name_of_client(operation), history::brief(operation.result));
  }

  std::span<const Operation* const> operations_;
  std::int64_t initial_;
  Budget& budget_;
  /// All amounts are multiples of it. Negative if the amounts are.
  std::int64_t unit_ = 1;
  bool is_exact_ = true;
  std::vector<TimelineEvent> moments_;
  /// Of an add that was invoked: how many of its units have not taken effect.
  std::vector<std::int64_t> left_;
  /// How many units had taken effect when the operation was invoked.
  std::vector<std::int64_t> before_;
  std::priority_queue<std::pair<Position, Place>, std::vector<std::pair<Position, Place>>,
                      std::greater<>>
      open_;
  std::int64_t done_ = 0;
  std::int64_t invoked_ = 0;
  /// Adds in the order of their effects.
  std::vector<Place> effects_;
  FastAnswer answer_;
};

/// False if the amounts have two signs or are very large.
bool CounterSweep::measure_amounts() {
  std::int64_t divisor = 0;
  std::int64_t first = 0;
  const auto is_small = [](std::int64_t number) {
    return -largest_sum <= number && number <= largest_sum;
  };
  if (!is_small(initial_)) return false;
  std::int64_t sum = 0;
  for (const auto* operation : operations_) {
    budget_.spend();
    if (is_void(*operation) || operation->f != "add") continue;
    const auto each = *operation->argument.integer();
    if (each == 0) continue;
    if (!is_small(each) || (first != 0 && (first < 0) != (each < 0))) return false;
    sum += each;
    if (!is_small(sum)) return false;
    if (first == 0) first = each;
    if (each != first) is_exact_ = false;
    divisor = std::gcd(divisor, each);
  }
  if (divisor != 0) unit_ = first < 0 ? -divisor : divisor;
  return true;
}

/// Absent if no number of units gives what it read.
std::optional<std::int64_t> CounterSweep::units_read(Place place) const {
  const auto& result = operations_[place]->result;
  if (result.is_nil()) return 0;
  if (result.integer() == nullptr) return std::nullopt;
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(*result.integer(), initial_, &difference)) {
    // Far from what any adds give, on one side or the other.
    const bool is_beyond = (*result.integer() < 0) == (unit_ < 0);
    return is_beyond ? std::optional(std::numeric_limits<std::int64_t>::max()) : std::nullopt;
  }
  const auto count = difference / unit_;
  if (count < 0 || difference % unit_ != 0) return std::nullopt;
  return count;
}

bool CounterSweep::pass(std::size_t moment) {
  const auto place = moments_[moment].place;
  if (!is_add(place)) {
    if (moments_[moment].is_return) return pass_read(moment, place);
    before_[place] = done_;
    return true;
  }
  if (!moments_[moment].is_return) {
    left_[place] = units(place);
    invoked_ += left_[place];
    const auto& operation = *operations_[place];
    before_[place] = done_;
    open_.emplace(must_happen(operation) ? operation.returned : never, place);
  } else if (left_[place] != 0) {
    done_ += std::exchange(left_[place], 0);
    effects_.push_back(place);
  }
  return true;
}

bool CounterSweep::pass_read(std::size_t moment, Place place) {
  const auto seen = units_read(place);
  if (!seen) {
    return refuse_alone(place, fmt::format(", which no sum of adds of {} gives", unit_));
  }
  if (*seen > done_) return pull(*seen - done_) || refuse_high(moment, place);
  return *seen >= before_[place] || refuse_low(place, *seen);
}

/// Lets that many open units take effect. False if there are fewer.
bool CounterSweep::pull(std::int64_t count) {
  if (count > invoked_ - done_) return false;
  done_ += count;
  while (count > 0) {
    const auto place = open_.top().second;
    const auto part = std::min(count, left_[place]);
    count -= part;
    left_[place] -= part;
    if (left_[place] != 0) break;
    open_.pop();
    if (part > 0) effects_.push_back(place);
  }
  return true;
}

std::string CounterSweep::adds_told(std::size_t count, std::int64_t sum) const {
  if (is_exact_) return fmt::format("{} {} of {}", count, count == 1 ? "add" : "adds", unit_);
  return fmt::format("adds of {} together", sum * unit_);
}

bool CounterSweep::refuse_alone(Place read, std::string_view reason) {
  answer_.kind = FastAnswer::Kind::not_linearizable;
  answer_.conflict = {read};
  answer_.why = reading(read).append(reason);
  return false;
}

/// All adds that were invoked by then do not suffice.
bool CounterSweep::refuse_high(std::size_t moment, Place read) {
  std::vector<Place> adds;
  for (std::size_t i = 0; i < moment; ++i) {
    const bool begins = !moments_[i].is_return && is_add(moments_[i].place);
    if (begins && amount(moments_[i].place) != 0) adds.push_back(moments_[i].place);
  }
  if (adds.empty()) return refuse_alone(read, " although nothing had been added");
  refuse_alone(read, fmt::format(" although only {} had been invoked by then",
                                 adds_told(adds.size(), invoked_)));
  if (adds.size() <= few_adds) {
    answer_.conflict.insert(answer_.conflict.begin(), adds.begin(), adds.end());
  }
  return false;
}

/// More had been added for certain when the read was invoked: since an earlier read, or in all.
bool CounterSweep::refuse_low(Place read, std::int64_t seen) {
  std::vector<bool> has_returned(operations_.size(), false);
  std::vector<Place> between;
  std::int64_t sum = 0;
  std::optional<Place> best;
  std::int64_t best_missing = INT64_MAX;
  std::vector<Place> best_between;
  const auto consider = [&](Place earlier, std::int64_t missing) {
    if (sum < missing || missing >= best_missing) return;
    best = earlier;
    best_missing = missing;
    best_between = between;
  };
  auto i = static_cast<std::size_t>(
      std::lower_bound(moments_.begin(), moments_.end(), operations_[read]->invoked,
                       [](const TimelineEvent& each, Position at) { return each.at < at; }) -
      moments_.begin());
  while (i-- > 0 && best_missing > 1) {
    budget_.spend();
    const auto& moment = moments_[i];
    if (moment.is_return) {
      has_returned[moment.place] = true;
      if (!is_add(moment.place)) consider(moment.place, seen - *units_read(moment.place) + 1);
    } else if (is_add(moment.place) && has_returned[moment.place] && amount(moment.place) != 0) {
      between.push_back(moment.place);
      sum += units(moment.place);
    }
  }
  if (best_missing > 1) consider(no_place, seen + 1);
  if (best) {
    show_low(read, *best, best_missing, std::move(best_between));
  } else {
    answer_ = {};
  }
  return false;
}

/// `missing` units at least were added in between; fewer adds suffice if some are large.
void CounterSweep::show_low(Place read, Place earlier, std::int64_t missing,
                            std::vector<Place> between) {
  std::stable_sort(between.begin(), between.end(),
                   [this](Place left, Place right) { return units(left) > units(right); });
  std::size_t needed = 0;
  std::int64_t sum = 0;
  for (; sum < missing; ++needed) sum += units(between[needed]);
  const bool has_earlier = earlier != no_place;
  answer_.kind = FastAnswer::Kind::not_linearizable;
  answer_.from_any_state = has_earlier;
  if (has_earlier) answer_.conflict.push_back(earlier);
  const auto after =
      has_earlier ? fmt::format(" after {} had read {}", name_of_client(*operations_[earlier]),
                                history::brief(operations_[earlier]->result))
                  : std::string();
  if (needed == 0) {
    answer_.why = fmt::format("{}{}: nothing takes back an add", reading(read), after);
  } else if (needed == 1) {
    const auto& add = *operations_[between.front()];
    answer_.why = fmt::format("{}{}, although {}'s add of {} had returned {}", reading(read), after,
                              name_of_client(add), history::brief(add.argument),
                              has_earlier ? "in between" : "before");
  } else {
    answer_.why = fmt::format("{}{}, although {} had returned {}", reading(read), after,
                              adds_told(needed, sum), has_earlier ? "in between" : "before");
  }
  if (needed <= few_adds) {
    answer_.conflict.insert(answer_.conflict.end(), between.begin(),
                            between.begin() + static_cast<std::ptrdiff_t>(needed));
  }
  answer_.conflict.push_back(read);
  std::sort(answer_.conflict.begin(), answer_.conflict.end());
}

/// A read stands right behind the last add that it saw. To add 0 is like a read.
std::vector<std::size_t> CounterSweep::order() const {
  std::vector<std::pair<std::int64_t, Place>> reads;
  for (const auto& [at, place, is_return] : moments_) {
    if (!is_return) continue;
    if (!is_add(place)) {
      reads.emplace_back(*units_read(place), place);
    } else if (units(place) == 0) {
      reads.emplace_back(before_[place], place);
    }
  }
  std::sort(reads.begin(), reads.end());
  std::vector<std::size_t> order;
  std::int64_t sum = 0;
  auto next = reads.begin();
  for (const auto place : effects_) {
    for (; next != reads.end() && next->first <= sum; ++next) order.push_back(next->second);
    sum += units(place);
    order.push_back(place);
  }
  for (; next != reads.end(); ++next) order.push_back(next->second);
  return order;
}

/// A counter as the only account. Absent if an amount is very large or nothing was read.
std::optional<AmountProblem> problem_of(std::span<const Operation* const> operations,
                                        std::int64_t initial, Budget& budget) {
  AmountProblem problem;
  problem.may_be_negative = true;
  problem.first = {initial};
  problem.number_of.assign(operations.size(), 0);
  for (Place place = 0; place < operations.size(); ++place) {
    budget.spend();
    const auto& operation = *operations[place];
    if (is_void(operation)) continue;
    if (operation.f == "add") {
      const auto amount = *operation.argument.integer();
      if (amount > largest_amount || amount < -largest_amount) return std::nullopt;
      problem.number_of[place] = static_cast<std::uint32_t>(problem.movements.size());
      problem.movements.push_back({no_account, 0, amount});
    } else if (must_happen(operation)) {
      const auto& seen = operation.result;
      if (!seen.is_nil() && seen.integer() == nullptr) return std::nullopt;
      problem.number_of[place] = static_cast<std::uint32_t>(problem.readings.size());
      problem.readings.push_back({seen.is_nil() ? initial : *seen.integer()});
    }
  }
  if (problem.readings.empty()) return std::nullopt;
  return problem;
}

}  // namespace

FastAnswer decide_by_counter_sweep(std::span<const Operation* const> operations,
                                   std::int64_t initial, Budget& budget, Asked asked) {
  if (any_may_lapse(operations)) return {};
  auto answer = CounterSweep(operations, initial, budget).decide(asked);
  if (answer.kind != FastAnswer::Kind::not_applicable) return answer;
  const auto problem = problem_of(operations, initial, budget);
  return problem ? decide_by_amounts(operations, *problem, budget, asked) : answer;
}

}  // namespace sunder::checker
