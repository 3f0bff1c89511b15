#include "checker/linearizability/search.h"

#include <algorithm>
#include <optional>

#include "checker/linearizability/bits.h"
#include "checker/linearizability/crash_sets.h"
#include "checker/linearizability/memo.h"
#include "checker/linearizability/search_path.h"
#include "checker/linearizability/window.h"

namespace sunder::checker {

namespace {

template <std::size_t Words>
class DepthFirst {
 public:
  DepthFirst(const Problem& problem, Automaton& automaton, std::uint32_t end,
             Asked asked = Asked::verdict)
      : problem_(problem),
        automaton_(automaton),
        end_(end),
        keeps_trail_(asked == Asked::order),
        window_(problem) {
    budget().spend(problem.crash_classes.size() * sizeof(std::uint32_t) +
                   automaton.call_count() * kinds_of_twins * sizeof(Twin));
    twins_.resize(kinds_of_twins * automaton.call_count());
  }

  void start_from(Configuration<Words> configuration) {
    stack_.push_back(configuration);
    if (keeps_trail_) trail_of_stack_.push_back(Trail::beginning);
  }

  /// Visits one configuration and pushes its successors. Returns it if it is one at the end.
  std::optional<Configuration<Words>> visit() {
    budget().spend();
    auto configuration = stack_.back();
    stack_.pop_back();
    if (keeps_trail_) {
      trail_of_current_ = trail_of_stack_.back();
      trail_of_stack_.pop_back();
    }
    const bool at_end = !advance(configuration);
    if (!memo_.insert(configuration, crash_sets_, budget())) return std::nullopt;
    if (at_end) return configuration;
    ++visited_;
    expand(configuration);
    return std::nullopt;
  }

  /// What was taken on the way to the configuration that visit() returned last.
  std::vector<Taken> taken() const { return trail_.way_to(trail_of_current_); }

  bool is_exhausted() const { return stack_.empty(); }
  CrashSets& crash_sets() { return crash_sets_; }
  const CrashSets& crash_sets() const { return crash_sets_; }
  std::uint32_t furthest_event() const { return furthest_; }
  std::uint32_t last_event_of_conflict() const { return std::max(furthest_, foreseen_); }
  std::uint64_t stuck_for() const { return visited_ - visited_at_furthest_; }
  std::uint64_t visited() const { return visited_; }
  std::size_t memory_bytes() const {
    return memo_.memory_bytes() + crash_sets_.memory_bytes() + trail_.memory_bytes() +
           stack_.capacity() * sizeof(Configuration<Words>);
  }

 private:
  static constexpr std::uint32_t no_slot = UINT32_MAX;
  static constexpr std::size_t kinds_of_twins = 3;
  /// The priority of a successor in which the returning operation has taken effect.
  static constexpr int done = 8;
  /// A successor of a configuration and its priority.
  struct Child {
    int promise;
    Configuration<Words> configuration;
    Taken taken;
  };
  /// For each call, the open operation that returns first, as of the visit `visit`. Hideable
  /// updaters and those that may lapse are kept apart: they need not take effect, so no twin
  /// replaces them.
  struct Twin {
    std::uint64_t visit = 0;
    std::uint32_t operation = no_operation;
  };

  const SearchOperation& operation(std::uint32_t number) const {
    return problem_.operations[number];
  }
  Budget& budget() { return automaton_.budget(); }

  Twin& twin_of(std::uint32_t number, const Configuration<Words>& configuration) {
    const auto& twin = operation(number);
    const bool is_hideable = twin.role == Role::updater && configuration.hideable.test(twin.slot);
    const std::size_t kind = twin.may_lapse ? 2 : is_hideable ? 1 : 0;
    return twins_[kinds_of_twins * static_cast<std::size_t>(twin.call) + kind];
  }

  bool advance(Configuration<Words>& configuration);
  void enter(Configuration<Words>& configuration, const SearchOperation& invoked);
  void expand(const Configuration<Words>& configuration);
  void expand_by_open(const Configuration<Words>& parent, std::uint32_t returning);
  void expand_by_crashed(const Configuration<Words>& parent, std::uint32_t returning);
  void push_children();
  void add_child(Configuration<Words> child, StateId state, Role role, bool is_returning,
                 std::uint32_t returning, Taken taken);
  bool hides_more(const Configuration<Words>& configuration, std::uint32_t slot = no_slot) const;
  bool see_what_is_open(Configuration<Words>& configuration);
  bool can_update(const Configuration<Words>& configuration);
  bool is_hopeless(const Configuration<Words>& configuration, std::uint32_t observer);
  std::uint32_t next_observer(const Configuration<Words>& configuration) const;
  int promise_of(const Configuration<Words>& configuration, std::uint32_t observer);

  const Problem& problem_;
  Automaton& automaton_;
  /// The search stops before this event.
  std::uint32_t end_;
  bool keeps_trail_;
  Window<Words> window_;
  Memo<Words> memo_;
  Trail trail_;
  std::vector<std::uint32_t> trail_of_stack_;
  std::uint32_t trail_of_current_ = Trail::beginning;
  CrashSets crash_sets_;
  std::vector<Configuration<Words>> stack_;
  std::vector<Child> children_;
  std::vector<Twin> twins_;
  std::uint64_t visited_ = 0;
  std::uint64_t visited_at_furthest_ = 0;
  std::uint32_t furthest_ = 0;
  /// The last event because of which an order was given up early.
  std::uint32_t foreseen_ = 0;
};

/// Passes the events that leave no choice. False at the end.
template <std::size_t Words>
bool DepthFirst<Words>::advance(Configuration<Words>& configuration) {
  window_.move_to(configuration.event);
  while (configuration.event < end_) {
    const auto event = problem_.events[configuration.event];
    const auto& moving = operation(event.operation);
    if (event.is_return) {
      if (!configuration.used.test(moving.slot)) break;
      configuration.used.reset(moving.slot);
      configuration.hideable.reset(moving.slot);
    } else if (!moving.crashed()) {
      enter(configuration, moving);
    }
    configuration.unseen = 0;
    window_.step();
    configuration.event = window_.event();
  }
  if (configuration.event > furthest_) {
    furthest_ = configuration.event;
    visited_at_furthest_ = visited_;
  }
  return configuration.event < end_;
}

/// An observer that is legal now takes effect now. An updater that would change nothing now, or
/// that may lapse, need not take effect later.
template <std::size_t Words>
void DepthFirst<Words>::enter(Configuration<Words>& configuration, const SearchOperation& invoked) {
  const auto state = automaton_.next(configuration.state, invoked.call);
  if (state != configuration.state) {
    if (invoked.may_lapse) configuration.hideable.set(invoked.slot);
    return;
  }
  (invoked.role == Role::observer ? configuration.used : configuration.hideable).set(invoked.slot);
}

/// Pushes every successor at the return of an operation that has not taken effect.
template <std::size_t Words>
void DepthFirst<Words>::expand(const Configuration<Words>& configuration) {
  children_.clear();
  const auto returning = problem_.events[configuration.event].operation;
  const auto slot = operation(returning).slot;
  auto parent = configuration;
  if (parent.hideable.test(slot)) {
    auto hidden = parent;
    hidden.used.set(slot);  // it vanished under the overwriter behind its invocation, or lapsed
    const auto observer = next_observer(hidden);
    if (!is_hopeless(hidden, observer)) {
      children_.push_back({promise_of(hidden, observer) + done + 1, hidden, Taken::hidden});
    }
    // In all other successors an operation must observe it.
    parent.hideable.reset(slot);
  }
  expand_by_open(parent, returning);
  expand_by_crashed(parent, returning);
  std::stable_sort(children_.begin(), children_.end(), [](const Child& left, const Child& right) {
    return left.promise > right.promise;
  });
  if (stack_.size() + children_.size() > stack_.capacity()) {
    budget().expect(2 * stack_.capacity() * sizeof(Configuration<Words>));
  }
  push_children();
}

template <std::size_t Words>
void DepthFirst<Words>::push_children() {
  for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
    stack_.push_back(child->configuration);
    if (!keeps_trail_) continue;
    budget().expect(trail_.growth_bytes());
    trail_of_stack_.push_back(trail_.add(trail_of_current_, child->taken));
  }
}

template <std::size_t Words>
void DepthFirst<Words>::expand_by_open(const Configuration<Words>& parent,
                                       std::uint32_t returning) {
  const auto candidates = window_.effects().without(parent.used);
  candidates.for_each([&](std::uint32_t slot) {
    const auto number = window_.operation_at(slot);
    auto& twin = twin_of(number, parent);
    if (twin.visit != visited_ ||
        operation(number).return_event < operation(twin.operation).return_event) {
      twin = {visited_, number};
    }
  });
  candidates.for_each([&](std::uint32_t slot) {
    const auto number = window_.operation_at(slot);
    const auto& chosen = operation(number);
    if (twin_of(number, parent).operation != number) return;
    if (parent.unseen && chosen.role == Role::overwriter) return;
    const auto state = automaton_.next(parent.state, chosen.call);
    if (!state) return;
    const bool is_returning = number == returning;
    if (!is_returning && *state == parent.state && chosen.role == Role::overwriter &&
        !hides_more(parent, slot)) {
      return;
    }
    auto child = parent;
    child.used.set(slot);
    child.hideable.reset(slot);
    add_child(child, *state, chosen.role, is_returning, returning, taken_open(number));
  });
}

template <std::size_t Words>
void DepthFirst<Words>::expand_by_crashed(const Configuration<Words>& parent,
                                          std::uint32_t returning) {
  for (std::uint32_t each = 0; each < problem_.crash_classes.size(); ++each) {
    const auto invoked = window_.crashed(each);
    if (invoked == 0 || invoked <= crash_sets_.count(parent.crashed, each)) continue;
    const auto call = problem_.crash_classes[each];
    // Its open twin takes effect first, because it returns earlier.
    if (twins_[kinds_of_twins * static_cast<std::size_t>(call)].visit == visited_) continue;
    const auto role = automaton_.role_of(call);
    if (parent.unseen && role == Role::overwriter) continue;
    const auto state = automaton_.next(parent.state, call);
    if (!state) continue;
    if (*state == parent.state && (role != Role::overwriter || !hides_more(parent))) continue;
    auto child = parent;
    budget().spend(crash_sets_.counts(parent.crashed).size() * sizeof(std::uint64_t));
    child.crashed = crash_sets_.with(parent.crashed, each);
    add_child(child, *state, role, false, returning, taken_crashed(each));
  }
}

template <std::size_t Words>
void DepthFirst<Words>::add_child(Configuration<Words> child, StateId state, Role role,
                                  bool is_returning, std::uint32_t returning, Taken taken) {
  child.state = state;
  if (role == Role::overwriter) child.hideable |= window_.overwriters().without(child.used);
  const bool seen = see_what_is_open(child);
  const bool is_done = is_returning || child.used.test(operation(returning).slot);
  child.unseen = role == Role::overwriter && !seen ? 1 : 0;
  if (!is_done) {
    // The returning operation must be observed, so it is not hidden again.
    child.hideable.reset(operation(returning).slot);
    if (child.unseen && !can_update(child)) return;
  }
  const auto observer = next_observer(child);
  if (is_hopeless(child, observer)) return;
  children_.push_back({promise_of(child, observer) + (is_done ? done : 0), child, taken});
}

/// Every open observer that is legal now takes effect. Notes the updaters that would change
/// nothing. True if any operation used the state.
template <std::size_t Words>
bool DepthFirst<Words>::see_what_is_open(Configuration<Words>& configuration) {
  bool seen = false;
  window_.observers().without(configuration.used).for_each([&](std::uint32_t slot) {
    if (!automaton_.next(configuration.state, operation(window_.operation_at(slot)).call)) return;
    configuration.used.set(slot);
    seen = true;
  });
  const auto unhidden =
      window_.effects().without(configuration.used).without(configuration.hideable);
  unhidden.for_each([&](std::uint32_t slot) {
    const auto call = operation(window_.operation_at(slot)).call;
    if (automaton_.next(configuration.state, call) != configuration.state) return;
    configuration.hideable.set(slot);
    seen = true;
  });
  return seen;
}

/// Whether an overwriter could hide open operations that are not hideable yet. Only then can an
/// overwriter that does not change the state be useful.
template <std::size_t Words>
bool DepthFirst<Words>::hides_more(const Configuration<Words>& configuration,
                                   std::uint32_t slot) const {
  auto others = window_.overwriters().without(configuration.used).without(configuration.hideable);
  if (slot != no_slot) others.reset(slot);
  return others.any();
}

/// Whether any updater can take effect now.
template <std::size_t Words>
bool DepthFirst<Words>::can_update(const Configuration<Words>& configuration) {
  bool can = false;
  window_.effects().without(configuration.used).for_each([&](std::uint32_t slot) {
    const auto& open = operation(window_.operation_at(slot));
    can = can || (open.role == Role::updater && automaton_.next(configuration.state, open.call));
  });
  for (std::uint32_t each = 0; !can && each < problem_.crash_classes.size(); ++each) {
    const auto call = problem_.crash_classes[each];
    can = window_.crashed(each) > crash_sets_.count(configuration.crashed, each) &&
          automaton_.role_of(call) == Role::updater && automaton_.next(configuration.state, call);
  }
  return can;
}

/// The next observer to return that has not taken effect, if its return is near. Only one that
/// returns before the end: what it observes may be invoked behind the end, where a sweep does not
/// look.
template <std::size_t Words>
std::uint32_t DepthFirst<Words>::next_observer(const Configuration<Words>& configuration) const {
  constexpr int near = 8;
  auto event = configuration.event;
  for (int i = 0; i < near; ++i) {
    const auto observer = problem_.next_observer[event];
    if (observer == no_operation || operation(observer).return_event >= end_) return no_operation;
    const auto slot = operation(observer).slot;
    const bool is_open = window_.operation_at(slot) == observer;
    if (!is_open || !configuration.used.test(slot)) return observer;
    event = operation(observer).return_event + 1;
  }
  return no_operation;
}

/// Whether no order makes the observer legal: updaters cannot lead from this state to one in which
/// it is, nor can they from the state of any overwriter that can happen before it returns.
template <std::size_t Words>
bool DepthFirst<Words>::is_hopeless(const Configuration<Words>& configuration,
                                    std::uint32_t observer) {
  if (observer == no_operation || !automaton_.foresees()) return false;
  const auto& seen = operation(observer);
  if (automaton_.can_lead_to(configuration.state, seen.call)) return false;
  const auto helps = [&](CallId call) {
    budget().spend();
    return automaton_.may_affect(call, seen.call);
  };
  bool hopeless = true;
  window_.overwriters().without(configuration.used).for_each([&](std::uint32_t slot) {
    hopeless = hopeless && !helps(operation(window_.operation_at(slot)).call);
  });
  const auto first = problem_.overwriters_before[configuration.event];
  const auto end = problem_.overwriters_before[seen.return_event];
  for (auto i = first; hopeless && i < end; ++i) {
    hopeless = !helps(operation(problem_.overwriters[i]).call);
  }
  hopeless =
      hopeless &&
      std::none_of(problem_.crash_classes.begin(), problem_.crash_classes.end(), [&](CallId call) {
        return automaton_.role_of(call) == Role::overwriter && helps(call);
      });
  if (hopeless) foreseen_ = std::max(foreseen_, seen.return_event);
  return hopeless;
}

template <std::size_t Words>
int DepthFirst<Words>::promise_of(const Configuration<Words>& configuration,
                                  std::uint32_t observer) {
  if (observer == no_operation) return 0;
  const auto call = operation(observer).call;
  if (automaton_.next(configuration.state, call)) return 4;
  return automaton_.can_lead_to(configuration.state, call) && automaton_.foresees() ? 2 : 0;
}

template <std::size_t Words>
class WholeSearch final : public Search {
 public:
  WholeSearch(const Problem& problem, Automaton& automaton, StateId start, Asked asked)
      : problem_(problem),
        automaton_(automaton),
        start_(start),
        depth_first_(problem, automaton, static_cast<std::uint32_t>(problem.events.size()), asked) {
    depth_first_.start_from({0, 0, start, CrashSet::empty, {}, {}});
  }

  Progress run(std::uint64_t configurations) override {
    const std::uint64_t end = visited() + configurations;
    while (visited() < end) {
      if (depth_first_.is_exhausted()) return Progress::not_linearizable;
      if (depth_first_.visit()) return Progress::linearizable;
    }
    return Progress::running;
  }

  std::uint32_t furthest_event() const override { return depth_first_.furthest_event(); }
  std::uint32_t last_event_of_conflict() const override {
    return depth_first_.last_event_of_conflict();
  }
  std::uint64_t stuck_for() const override { return depth_first_.stuck_for(); }
  std::uint64_t visited() const override { return depth_first_.visited(); }
  std::size_t memory_bytes() const override { return depth_first_.memory_bytes(); }
  std::vector<std::uint32_t> order() override {
    return SearchPath<Words>(problem_, automaton_, start_).follow(depth_first_.taken());
  }

 private:
  const Problem& problem_;
  Automaton& automaton_;
  StateId start_;
  DepthFirst<Words> depth_first_;
};

template <std::size_t Words>
class PartSweep final : public Sweep {
 public:
  PartSweep(const Problem& problem, Automaton& automaton, const std::vector<Crossing>& starts,
            std::uint32_t begin, std::uint32_t end)
      : problem_(problem), depth_first_(problem, automaton, end) {
    for (const auto& start : starts) depth_first_.start_from(configuration_of(start, begin));
    Window<Words> window(problem);
    window.move_to(end);
    for (std::uint32_t slot = 0; slot < problem.slot_count; ++slot) {
      open_at_end_.push_back(window.operation_at(slot));
    }
  }

  bool run(std::uint64_t configurations) override {
    while (!depth_first_.is_exhausted()) {
      if (depth_first_.visited() >= configurations) return false;
      if (const auto end = depth_first_.visit()) ends_.push_back(*end);
    }
    return true;
  }

  std::vector<Crossing> crossings() const override {
    std::vector<Crossing> crossings;
    for (const auto& end : ends_) {
      auto& crossing = crossings.emplace_back();
      crossing.state = end.state;
      const auto numbers = [this](std::vector<std::uint32_t>& into) {
        return [this, &into](std::uint32_t slot) { into.push_back(open_at_end_[slot]); };
      };
      end.used.for_each(numbers(crossing.used));
      end.hideable.for_each(numbers(crossing.hideable));
      for (const auto& [crash_class, count] : depth_first_.crash_sets().counts(end.crashed)) {
        crossing.crashed.emplace_back(problem_.crash_classes[crash_class], count);
      }
    }
    return crossings;
  }

  std::uint32_t last_event_of_conflict() const override {
    return depth_first_.last_event_of_conflict();
  }

 private:
  Configuration<Words> configuration_of(const Crossing& crossing, std::uint32_t event) {
    Configuration<Words> configuration{event, 0, crossing.state, CrashSet::empty, {}, {}};
    for (const auto number : crossing.used) {
      configuration.used.set(problem_.operations[number].slot);
    }
    for (const auto number : crossing.hideable) {
      configuration.hideable.set(problem_.operations[number].slot);
    }
    for (const auto& [call, count] : crossing.crashed) {
      const auto found =
          std::find(problem_.crash_classes.begin(), problem_.crash_classes.end(), call);
      const auto crash_class = static_cast<std::uint32_t>(found - problem_.crash_classes.begin());
      for (std::uint32_t i = 0; i < count; ++i) {
        configuration.crashed = depth_first_.crash_sets().with(configuration.crashed, crash_class);
      }
    }
    return configuration;
  }

  const Problem& problem_;
  DepthFirst<Words> depth_first_;
  std::vector<std::uint32_t> open_at_end_;
  std::vector<Configuration<Words>> ends_;
};

/// The search with the fewest words that hold the problem's open operations.
template <template <std::size_t> typename Wide, typename Base, typename... Arguments>
std::unique_ptr<Base> make_wide_enough(const Problem& problem, Arguments&&... arguments) {
  const auto slots = problem.slot_count;
  if (slots <= 64) return std::make_unique<Wide<1>>(problem, arguments...);
  if (slots <= 128) return std::make_unique<Wide<2>>(problem, arguments...);
  if (slots <= 512) return std::make_unique<Wide<8>>(problem, arguments...);
  if (slots <= max_open_operations) {
    return std::make_unique<Wide<max_open_operations / 64>>(problem, arguments...);
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<Search> make_search(const Problem& problem, Automaton& automaton, StateId start,
                                    Asked asked) {
  return make_wide_enough<WholeSearch, Search>(problem, automaton, start, asked);
}

std::unique_ptr<Sweep> make_sweep(const Problem& problem, Automaton& automaton,
                                  const std::vector<Crossing>& starts, std::uint32_t begin,
                                  std::uint32_t end) {
  return make_wide_enough<PartSweep, Sweep>(problem, automaton, starts, begin, end);
}

}  // namespace sunder::checker
