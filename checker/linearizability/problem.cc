#include "checker/linearizability/problem.h"

#include <algorithm>
#include <queue>

namespace sunder::checker {

namespace {

using history::Operation;

/// Above this many comparisons, the search for unnoticeable operations costs more than it saves.
constexpr std::size_t max_comparisons = 20'000'000;

/// Whether any other call can notice an operation of that call.
std::vector<bool> find_noticeable(const std::vector<CallId>& crashed, Automaton& automaton) {
  std::vector<bool> noticeable(automaton.call_count(), false);
  const bool look = crashed.size() * automaton.call_count() <= max_comparisons;
  for (const auto call : crashed) {
    bool matters = !look;
    for (std::uint32_t other = 0; !matters && other < automaton.call_count(); ++other) {
      automaton.budget().spend();
      matters = automaton.may_affect(call, CallId{other});
    }
    noticeable[static_cast<std::size_t>(call)] = matters;
  }
  return noticeable;
}

class ProblemBuilder {
 public:
  ProblemBuilder(Automaton& automaton, bool is_open) : automaton_(automaton), is_open_(is_open) {}

  Problem build(std::span<const Operation* const> operations) {
    choose_operations(operations);
    order_events();
    give_slots();
    look_ahead();
    return std::move(problem_);
  }

 private:
  struct Moment {
    history::Position position;
    SearchEvent event;
  };

  void choose_operations(std::span<const Operation* const> operations);
  void add(const Operation& operation, std::size_t origin, CallId call, Role role);
  void order_events();
  void give_slots();
  void look_ahead();

  Automaton& automaton_;
  bool is_open_;
  Problem problem_;
  std::vector<Moment> moments_;
  std::vector<std::uint32_t> class_of_call_;
};

void ProblemBuilder::choose_operations(std::span<const Operation* const> operations) {
  std::vector<CallId> calls;
  std::vector<CallId> crashed;
  calls.reserve(operations.size());
  for (const auto* operation : operations) {
    const bool failed = is_void(*operation);
    automaton_.budget().spend();
    calls.push_back(failed ? CallId{} : automaton_.call_of(*operation));
    if (!failed && !must_happen(*operation)) crashed.push_back(calls.back());
  }
  std::sort(crashed.begin(), crashed.end());
  crashed.erase(std::unique(crashed.begin(), crashed.end()), crashed.end());
  const auto noticeable = is_open_ ? std::vector<bool>() : find_noticeable(crashed, automaton_);
  class_of_call_.assign(automaton_.call_count(), no_operation);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto& operation = *operations[i];
    if (is_void(operation)) continue;
    const Role role = automaton_.role_of(calls[i]);
    if (!must_happen(operation) &&
        (role == Role::observer ||
         (!is_open_ && !noticeable[static_cast<std::size_t>(calls[i])]))) {
      continue;
    }
    add(operation, i, calls[i], role);
  }
}

void ProblemBuilder::add(const Operation& operation, std::size_t origin, CallId call, Role role) {
  const auto number = static_cast<std::uint32_t>(problem_.operations.size());
  problem_.operations.push_back({call, role, static_cast<std::uint32_t>(origin)});
  moments_.push_back({operation.invoked, {number, 0}});
  problem_.operations.back().may_lapse = !must_happen(operation);
  if (operation.returned != history::never) {
    moments_.push_back({operation.returned, {number, 1}});
    return;
  }
  auto& crash_class = class_of_call_[static_cast<std::size_t>(call)];
  if (crash_class == no_operation) {
    crash_class = static_cast<std::uint32_t>(problem_.crash_classes.size());
    problem_.crash_classes.push_back(call);
  }
  problem_.operations.back().crash_class = crash_class;
}

void ProblemBuilder::order_events() {
  std::sort(moments_.begin(), moments_.end(),
            [](const Moment& left, const Moment& right) { return left.position < right.position; });
  problem_.events.reserve(moments_.size());
  problem_.positions.reserve(moments_.size());
  for (const auto& moment : moments_) {
    if (moment.event.is_return) {
      problem_.operations[moment.event.operation].return_event =
          static_cast<std::uint32_t>(problem_.events.size());
    }
    problem_.events.push_back(moment.event);
    problem_.positions.push_back(moment.position);
  }
}

void ProblemBuilder::give_slots() {
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free;
  for (const auto event : problem_.events) {
    auto& operation = problem_.operations[event.operation];
    if (operation.crashed()) continue;
    if (event.is_return) {
      free.push(operation.slot);
    } else if (free.empty()) {
      operation.slot = problem_.slot_count++;
    } else {
      operation.slot = free.top();
      free.pop();
    }
  }
}

void ProblemBuilder::look_ahead() {
  const std::size_t events = problem_.events.size();
  problem_.next_observer.resize(events + 1, no_operation);
  problem_.overwriters_before.resize(events + 1, 0);
  for (std::size_t i = events; i-- > 0;) {
    const auto event = problem_.events[i];
    const bool observed =
        event.is_return && problem_.operations[event.operation].role == Role::observer;
    problem_.next_observer[i] = observed ? event.operation : problem_.next_observer[i + 1];
  }
  for (std::size_t i = 0; i < events; ++i) {
    const auto event = problem_.events[i];
    const bool overwrites =
        !event.is_return && problem_.operations[event.operation].role == Role::overwriter;
    if (overwrites) problem_.overwriters.push_back(event.operation);
    problem_.overwriters_before[i + 1] = static_cast<std::uint32_t>(problem_.overwriters.size());
  }
}

}  // namespace

Problem make_problem(std::span<const Operation* const> operations, Automaton& automaton) {
  return ProblemBuilder(automaton, false).build(operations);
}

Problem make_open_problem(std::span<const Operation* const> operations, Automaton& automaton) {
  return ProblemBuilder(automaton, true).build(operations);
}

}  // namespace sunder::checker
