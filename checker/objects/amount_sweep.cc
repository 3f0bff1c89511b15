#include "checker/objects/amount_sweep.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>
#include <utility>

#include "checker/objects/amount_plans.h"
#include "checker/objects/amount_state.h"
#include "checker/objects/read_sweep.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;

/// How many points are looked at without progress before the search gives up.
constexpr std::size_t most_without_progress = 20'000;
/// One crashed movement more is worth so many times the operations that are open at once. After so
/// many points without progress it is worth only a quarter.
constexpr std::size_t events_per_crashed = 4;
constexpr std::size_t points_until_cheaper = 2'000;
/// Of more crashed movements, it is not told apart which took effect.
constexpr std::size_t most_told_apart = 8;
constexpr std::size_t most_points = 1U << 16;
constexpr std::size_t points_kept_behind = 1U << 12;
constexpr std::size_t most_seen = 1U << 17;

/// A best-first search. A point is an operation that is due and has not taken effect, and the state
/// before it. Of all points the one goes first that has come furthest with fewest crashed
/// movements.
class AmountSearch {
 public:
  AmountSearch(Operations operations, const AmountProblem& problem, Budget& budget)
      : operations_(operations),
        problem_(problem),
        budget_(budget),
        plans_(operations, problem, budget),
        moments_(timeline_of(operations, budget)) {}

  FastAnswer decide(Asked asked) {
    FastAnswer answer;
    if (!assign_slots()) return answer;
    if (plans_.only_grows()) collect_least_readings();
    if (run()) {
      answer.kind = FastAnswer::Kind::linearizable;
      if (asked == Asked::order) answer.order = order();
      return answer;
    }
    if (!plans_.is_exhaustive()) return answer;
    answer.kind = FastAnswer::Kind::not_linearizable;
    const auto end = std::max(blamed_until_, moments_[furthest_].at);
    for (Place place = 0; place < operations_.size(); ++place) {
      const auto& operation = *operations_[place];
      const bool is_before = operation.invoked <= end;
      if (!is_void(operation) && is_before) answer.conflict.push_back(place);
    }
    return answer;
  }

 private:
  static constexpr std::uint32_t no_entry = UINT32_MAX;
  struct LogEntry {
    std::uint32_t before;
    Place place;
  };
  struct Point {
    AmountState state;
    std::size_t moment = 0;
    std::uint32_t log = no_entry;
    /// The next way on: with so many crashed movements, and of those the one with that number.
    std::size_t crashed = 0;
    std::size_t next_plan = 0;
  };
  /// The less, the better.
  using Rank = std::pair<std::int64_t, std::uint32_t>;
  using Mark = std::tuple<std::size_t, SetMark, SetMark>;

  bool assign_slots();
  void collect_least_readings();
  bool run();
  bool expand(std::uint32_t number);
  bool is_new(const Point& point);
  void push(std::uint32_t number);
  std::uint32_t add_point(Point point);
  void value_crashed(std::size_t events);
  void drop_old_points();

  void move_to(std::size_t moment);
  void pass(bool begins);
  void advance(Point& point);
  std::vector<AmountPlan> plans_of(const Point& point, Place due);
  void add_plans(const AmountState& state, Place target, std::size_t crashed,
                 std::vector<AmountPlan>& plans);
  bool would_strand(AmountState state, const AmountPlan& plan, Place read, std::size_t crashed);
  void perform(Point& point, const AmountPlan& plan);
  void enter(AmountState& state, Place place);
  void enter_read(AmountState& state, Place read);
  bool strands_any(const AmountState& state);
  std::vector<std::size_t> order() const;

  bool is_read(Place place) const { return operations_[place]->f == "read"; }
  bool is_judged(Place place) const { return must_happen(*operations_[place]); }
  const Movement& movement(Place place) const {
    return problem_.movements[problem_.number_of[place]];
  }
  const Amounts& reading(Place place) const { return problem_.readings[problem_.number_of[place]]; }
  bool fits(const AmountState& state, Place read) const {
    return state.is_known && state.balances == reading(read);
  }
  Position now() const { return moment_ == 0 ? -1 : moments_[moment_ - 1].at; }

  Operations operations_;
  const AmountProblem& problem_;
  Budget& budget_;
  AmountPlans plans_;
  std::vector<TimelineEvent> moments_;
  /// Of each operation that returns; one slot is used again when its operation has returned.
  std::vector<std::uint32_t> slots_;
  std::size_t slots_used_ = 0;
  /// If amounts only grow: of each read, sorted by invocation, the least that it or a later one
  /// shows.
  struct LeastReading {
    Position invoked;
    std::int64_t least;
    Position least_invoked;
  };
  std::vector<LeastReading> least_readings_;

  /// Where the search looks. What is open there, whether it took effect or not.
  std::size_t moment_ = 0;
  std::vector<Place> open_reads_;
  std::vector<Place> open_updates_;

  std::vector<Point> points_;
  std::vector<std::uint32_t> free_points_;
  std::priority_queue<Rank, std::vector<Rank>, std::greater<>> next_;
  std::size_t events_per_crashed_ = 0;
  /// The fewest crashed movements with which a point was reached.
  std::map<Mark, std::uint32_t> seen_;
  std::vector<LogEntry> log_;
  std::uint32_t last_entry_ = no_entry;
  std::size_t furthest_ = 0;
  /// A read that is invoked by then is among the reasons why nothing led on.
  Position blamed_until_ = -1;
};

/// False if too many operations are open at once.
bool AmountSearch::assign_slots() {
  slots_.assign(operations_.size(), 0);
  std::vector<std::uint32_t> free;
  for (const auto& moment : moments_) {
    if (!is_judged(moment.place)) continue;
    if (moment.is_return) {
      free.push_back(slots_[moment.place]);
      continue;
    }
    if (free.empty()) free.push_back(static_cast<std::uint32_t>(slots_used_++));
    slots_[moment.place] = free.back();
    free.pop_back();
  }
  return slots_used_ <= OpenMask::slots;
}

void AmountSearch::collect_least_readings() {
  for (Place place = 0; place < operations_.size(); ++place) {
    if (!is_read(place) || !is_judged(place)) continue;
    const auto invoked = operations_[place]->invoked;
    least_readings_.push_back({invoked, reading(place).front(), invoked});
  }
  for (auto i = least_readings_.size(); i-- > 1;) {
    auto& before = least_readings_[i - 1];
    const auto& later = least_readings_[i];
    if (before.least <= later.least) continue;
    before.least = later.least;
    before.least_invoked = later.least_invoked;
  }
}

/// Whether everything fits.
bool AmountSearch::run() {
  Point start;
  const auto accounts = problem_.readings.front().size();
  start.state.is_known = problem_.first.has_value();
  start.state.balances = problem_.first.value_or(Amounts(accounts, 0));
  start.state.lowest.assign(accounts, 0);
  start.state.used =
      std::make_shared<const std::vector<std::uint32_t>>(plans_.crashed().kinds(), 0);
  advance(start);
  last_entry_ = start.log;
  if (start.moment == moments_.size()) return true;
  events_per_crashed_ = events_per_crashed * slots_used_;
  push(add_point(std::move(start)));
  std::size_t without_progress = 0;
  while (!next_.empty()) {
    budget_.spend();
    const auto number = next_.top().second;
    next_.pop();
    const auto furthest = furthest_;
    if (expand(number)) return true;
    if (furthest_ == furthest) {
      if (++without_progress % points_until_cheaper == 0) value_crashed(events_per_crashed_ / 4);
    } else if (std::exchange(without_progress, 0) >= points_until_cheaper) {
      value_crashed(events_per_crashed * slots_used_);
    }
    if (without_progress > most_without_progress) {
      plans_.was_not_exhaustive();
      return false;
    }
    if (points_.size() - free_points_.size() > most_points) drop_old_points();
  }
  return false;
}

std::uint32_t AmountSearch::add_point(Point point) {
  if (free_points_.empty()) {
    budget_.spend(sizeof(Point));
    points_.emplace_back();
    free_points_.push_back(static_cast<std::uint32_t>(points_.size() - 1));
  }
  const auto number = free_points_.back();
  free_points_.pop_back();
  points_[number] = std::move(point);
  return number;
}

void AmountSearch::push(std::uint32_t number) {
  const auto& point = points_[number];
  const auto crashed = point.state.crashed_used + point.crashed;
  const auto cost = static_cast<std::int64_t>(crashed * events_per_crashed_);
  next_.emplace(cost - static_cast<std::int64_t>(point.moment), number);
}

/// Ranks all points anew.
void AmountSearch::value_crashed(std::size_t events) {
  events_per_crashed_ = events;
  for (auto old = std::exchange(next_, {}); !old.empty(); old.pop()) {
    budget_.spend();
    push(old.top().second);
  }
}

/// Points far behind are seldom the way on.
void AmountSearch::drop_old_points() {
  plans_.was_not_exhaustive();
  std::vector<Rank> kept;
  for (; !next_.empty(); next_.pop()) {
    const auto number = next_.top().second;
    if (points_[number].moment + points_kept_behind >= furthest_) {
      kept.push_back(next_.top());
    } else {
      points_[number] = {};
      free_points_.push_back(number);
    }
  }
  next_ = decltype(next_)(std::greater<>(), std::move(kept));
}

/// Takes the next way on from the point. True if it led to the end.
bool AmountSearch::expand(std::uint32_t number) {
  for (;; ++points_[number].crashed, points_[number].next_plan = 0) {
    auto& point = points_[number];
    if (point.crashed > plans_.most_crashed()) {
      point = {};
      free_points_.push_back(number);
      return false;
    }
    move_to(point.moment);
    const auto plans = plans_of(point, moments_[point.moment].place);
    if (point.next_plan == plans.size()) {
      if (point.crashed == plans_.most_crashed()) continue;
      // What needs a crashed movement more has its turn later.
      ++point.crashed;
      point.next_plan = 0;
      push(number);
      return false;
    }
    auto next = point;
    next.crashed = 0;
    const auto plan = point.next_plan++;
    next.next_plan = 0;
    push(number);
    perform(next, plans[plan]);
    if (strands_any(next.state)) return false;
    advance(next);
    if (next.moment == moments_.size()) {
      last_entry_ = next.log;
      return true;
    }
    if (is_new(next)) push(add_point(std::move(next)));
    return false;
  }
}

bool AmountSearch::is_new(const Point& point) {
  const auto& state = point.state;
  SetMark done;
  for (const auto* open : {&open_reads_, &open_updates_}) {
    for (const auto place : *open) {
      if (state.done.has(slots_[place])) done.toggle(place);
    }
  }
  SetMark what;
  std::uint64_t index = 0;
  const auto add = [&](std::int64_t number) {
    const auto numbers = 2 * state.balances.size() + most_told_apart + 1;
    what.toggle(static_cast<std::uint64_t>(number) * numbers + index++);
  };
  for (const auto each : state.balances) add(each);
  if (!state.is_known) std::for_each(state.lowest.begin(), state.lowest.end(), add);
  if (plans_.crashed().count() <= most_told_apart) {
    index = 2 * state.balances.size();
    std::for_each(state.used->begin(), state.used->end(), add);
  }
  if (seen_.size() > most_seen) seen_.clear();
  const auto [found, is_first] = seen_.emplace(Mark{point.moment, done, what}, state.crashed_used);
  if (is_first || std::exchange(found->second, std::min(found->second, state.crashed_used)) >
                      state.crashed_used) {
    return true;
  }
  if (plans_.crashed().count() > most_told_apart && state.crashed_used > 0) {
    plans_.was_not_exhaustive();
  }
  return false;
}

/// To right before that event.
void AmountSearch::move_to(std::size_t moment) {
  while (moment_ < moment) {
    pass(!moments_[moment_].is_return);
    ++moment_;
  }
  while (moment_ > moment) {
    --moment_;
    pass(moments_[moment_].is_return);
  }
}

void AmountSearch::pass(bool begins) {
  const auto place = moments_[moment_].place;
  if (!is_judged(place)) return;
  auto& open = is_read(place) ? open_reads_ : open_updates_;
  if (begins) {
    open.push_back(place);
  } else {
    std::erase(open, place);
  }
}

/// To the next operation that is due and has not taken effect.
void AmountSearch::advance(Point& point) {
  for (move_to(point.moment); point.moment < moments_.size(); move_to(++point.moment)) {
    budget_.spend();
    const auto& moment = moments_[point.moment];
    if (!is_judged(moment.place)) continue;
    const auto slot = slots_[moment.place];
    if (moment.is_return) {
      if (!point.state.done.has(slot)) break;
      point.state.done.remove(slot);
    } else if (is_read(moment.place) && fits(point.state, moment.place)) {
      point.state.done.put(slot);
      log_.push_back({point.log, moment.place});
      point.log = static_cast<std::uint32_t>(log_.size() - 1);
    }
  }
  furthest_ = std::max(furthest_, point.moment);
}

void AmountSearch::add_plans(const AmountState& state, Place target, std::size_t crashed,
                             std::vector<AmountPlan>& plans) {
  std::vector<Place> open;
  for (const auto place : open_updates_) {
    if (!state.done.has(slots_[place])) open.push_back(place);
  }
  std::sort(open.begin(), open.end(), [this](Place left, Place right) {
    return operations_[left]->returned < operations_[right]->returned;
  });
  plans_.add({state, open, now()}, target, crashed, plans);
}

/// The ways to the operation that is due: at once, or behind an open read. A read that needs only a
/// part of what is to happen, or that could not happen behind it, goes first.
std::vector<AmountPlan> AmountSearch::plans_of(const Point& point, Place due) {
  std::vector<AmountPlan> own;
  add_plans(point.state, due, point.crashed, own);
  // A way to the read by another read would be a plan of its own.
  if (is_read(due) && own.empty() && point.crashed < plans_.most_crashed()) return own;
  std::vector<AmountPlan> before;
  std::vector<AmountPlan> others;
  auto reads = open_reads_;
  std::sort(reads.begin(), reads.end());
  for (const auto read : reads) {
    if (read == due || point.state.done.has(slots_[read])) continue;
    std::vector<AmountPlan> plans;
    add_plans(point.state, read, point.crashed, plans);
    if (plans.empty()) continue;
    const bool is_first =
        !own.empty() && would_strand(point.state, own.front(), read, point.crashed);
    for (auto& plan : plans) {
      const bool is_part = !own.empty() && std::all_of(plan.begin(), plan.end(), [&](Place update) {
        return std::find(own.front().begin(), own.front().end(), update) != own.front().end();
      });
      (is_first || is_part ? before : others).push_back(std::move(plan));
    }
  }
  std::stable_sort(before.begin(), before.end(),
                   [](const auto& left, const auto& right) { return left.size() < right.size(); });
  before.insert(before.end(), own.begin(), own.end());
  before.insert(before.end(), others.begin(), others.end());
  return before;
}

/// Whether nothing that is open would lead to the read behind the plan.
bool AmountSearch::would_strand(AmountState state, const AmountPlan& plan, Place read,
                                std::size_t crashed) {
  for (const auto place : plan) enter(state, place);
  if (fits(state, read)) return false;
  std::vector<AmountPlan> plans;
  add_plans(state, read, crashed, plans);
  return plans.empty();
}

void AmountSearch::perform(Point& point, const AmountPlan& plan) {
  const auto take = [&](Place place) {
    enter(point.state, place);
    budget_.spend(sizeof(LogEntry));
    log_.push_back({point.log, place});
    point.log = static_cast<std::uint32_t>(log_.size() - 1);
  };
  for (const auto place : plan) {
    // A read in front may have been served on the way.
    if (is_judged(place) && point.state.done.has(slots_[place])) continue;
    take(place);
    // A read that fits now needs no later moment.
    for (const auto read : open_reads_) {
      if (!point.state.done.has(slots_[read]) && fits(point.state, read)) take(read);
    }
  }
}

void AmountSearch::enter(AmountState& state, Place place) {
  if (is_judged(place)) state.done.put(slots_[place]);
  if (is_read(place)) return enter_read(state, place);
  const auto& each = movement(place);
  apply(each, state.balances);
  if (!state.is_known && each.from != each.to && each.from != no_account) {
    auto& lowest = state.lowest[each.from];
    lowest = std::min(lowest, state.balances[each.from]);
  }
  if (is_judged(place)) return;
  auto used = *state.used;
  ++used[*plans_.crashed().number_of(CrashedMovements::key_of(each))];
  state.used = std::make_shared<const std::vector<std::uint32_t>>(std::move(used));
  ++state.crashed_used;
}

void AmountSearch::enter_read(AmountState& state, Place read) {
  state.balances = reading(read);
  state.is_known = true;
}

/// Whether nothing leads from here to a read: amounts that only grow have passed it.
bool AmountSearch::strands_any(const AmountState& state) {
  if (!plans_.only_grows()) return false;
  const auto later =
      std::upper_bound(least_readings_.begin(), least_readings_.end(), now(),
                       [](Position at, const auto& each) { return at < each.invoked; });
  const auto sum = state.balances.front();
  if (later != least_readings_.end() && later->least < sum) {
    blamed_until_ = std::max(blamed_until_, later->least_invoked);
    return true;
  }
  return std::any_of(open_reads_.begin(), open_reads_.end(), [&](Place read) {
    return !state.done.has(slots_[read]) && reading(read).front() < sum;
  });
}

std::vector<std::size_t> AmountSearch::order() const {
  std::vector<std::size_t> places;
  for (auto entry = last_entry_; entry != no_entry; entry = log_[entry].before) {
    places.push_back(log_[entry].place);
  }
  std::reverse(places.begin(), places.end());
  return places;
}

}  // namespace

FastAnswer decide_by_amounts(Operations operations, const AmountProblem& problem, Budget& budget,
                             Asked asked) {
  return AmountSearch(operations, problem, budget).decide(asked);
}

}  // namespace sunder::checker
