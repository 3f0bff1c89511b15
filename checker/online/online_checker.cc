#include "checker/online/online_checker.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/invariant.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/explain.h"
#include "checker/linearizability/sentence.h"
#include "checker/objects/drains.h"

namespace sunder::checker {

namespace {

using history::Event;
using history::EventType;
using history::Operation;
using history::Outcome;
using history::Position;

/// Time limit for the minimization, which holds up the run.
constexpr std::chrono::seconds explain_soon{2};

/// A call in a form that the next automaton can read: one of its operations.
std::size_t place_of_crashed(const Problem& problem, CallId call) {
  const auto found = std::find_if(
      problem.operations.begin(), problem.operations.end(),
      [call](const auto& operation) { return operation.crashed() && operation.call == call; });
  CHECK(found != problem.operations.end());
  return found->origin;
}

}  // namespace

OnlineChecker::OnlineChecker(const ErasedModel& model, std::uint64_t max_configurations,
                             std::size_t batch_events)
    : model_(model), max_configurations_(max_configurations), batch_events_(batch_events) {}

void OnlineChecker::observe(const Event& event) {
  const bool is_client = event.process != history::ProcessId::nemesis;
  if (!violation_ && is_client) {
    if (event.type == EventType::invoke) {
      invoke(event);
    } else {
      complete(event);
    }
  }
  ++position_;
}

void OnlineChecker::invoke(const Event& event) {
  const auto& key = model_.per_key() ? event.key : std::string();
  auto& object = objects_[key];
  if (object.is_given_up) return;
  if (object.automaton == nullptr) {
    object.automaton = model_.make_automaton(budget_);
    object.crossings = {{object.automaton->initial(), {}, {}, {}}};
  }
  auto& operation = object.operations.emplace_back();
  object.answered.push_back(false);
  operation.process = event.process;
  operation.f = event.f;
  operation.key = event.key;
  operation.argument = operation.result = event.value;
  operation.invoked = position_;
  operation.invoked_at = event.time;
  open_[static_cast<std::int64_t>(event.process)] = {&object, position_};
}

void OnlineChecker::complete(const Event& event) {
  const auto found = open_.find(static_cast<std::int64_t>(event.process));
  if (found == open_.end()) return;
  auto [object, invoked] = found->second;
  open_.erase(found);
  if (object->is_given_up) return;
  const auto at = std::lower_bound(
      object->operations.begin(), object->operations.end(), invoked,
      [](const Operation& operation, Position position) { return operation.invoked < position; });
  CHECK(at != object->operations.end() && at->invoked == invoked);
  const auto place = static_cast<std::size_t>(at - object->operations.begin());
  object->answered[place] = true;
  if (event.type == EventType::ok) {
    at->outcome = Outcome::ok;
    at->result = event.value;
    at->returned = position_;
    at->returned_at = event.time;
    if (event.answer) at->answer = std::make_shared<const history::Answer>(*event.answer);
  } else if (event.type == EventType::fail) {
    at->outcome = Outcome::fail;
    if (auto answer = history::answer_of(event)) {
      at->answer = std::make_shared<const history::Answer>(std::move(*answer));
    }
    if (is_refusal(*at)) {
      at->result = *at->answer->found;
      at->returned = position_;
      at->returned_at = event.time;
    }
  }
  if (model_.role(*at) == Role::foreign) return;
  object->events += 2;
  const auto key = at->key;
  if (model_.family() == Family::bags && at->f == "drain") split_drain(*object, place);
  if (object->events < batch_events_) return;
  sweep(key, *object);
}

/// It was open, so that no place behind it is remembered.
void OnlineChecker::split_drain(Object& object, std::size_t place) {
  auto at = object.operations.begin() + static_cast<std::ptrdiff_t>(place);
  if (!must_happen(*at)) return;
  const auto parts = parts_of_drain(*at);
  *at = parts.front();
  object.operations.insert(at + 1, parts.begin() + 1, parts.end());
  object.answered.insert(object.answered.begin() + static_cast<std::ptrdiff_t>(place),
                         parts.size() - 1, true);
}

void OnlineChecker::finish() {
  for (auto& [key, object] : objects_) {
    std::fill(object.answered.begin(), object.answered.end(), true);
    if (!violation_ && !object.is_given_up) sweep(key, object);
  }
  open_.clear();
}

std::size_t OnlineChecker::remembered_operations() const {
  std::size_t count = 0;
  for (const auto& [key, object] : objects_) count += object.operations.size();
  return count;
}

/// Checks up to the first invocation that has not completed yet.
void OnlineChecker::sweep(const std::string& key, Object& object) {
  object.events = 0;
  std::vector<const Operation*> settled;
  Position edge = position_ + 1;
  for (std::size_t i = 0; i < object.operations.size(); ++i) {
    if (!object.answered[i]) {
      edge = object.operations[i].invoked;
      break;
    }
    settled.push_back(&object.operations[i]);
  }
  if (settled.size() <= object.carried) return;

  auto automaton = model_.make_automaton(budget_);
  const auto problem = make_open_problem(settled, *automaton);
  // One that is not answered yet may undo what an open read lacks.
  for (auto i = settled.size(); i < object.operations.size(); ++i) {
    if (model_.role(object.operations[i]) != Role::foreign)
      automaton->call_of(object.operations[i]);
  }
  std::vector<std::uint32_t> number_at(settled.size(), no_operation);
  for (std::uint32_t number = 0; number < problem.operations.size(); ++number) {
    number_at[problem.operations[number].origin] = number;
  }
  auto starts = object.crossings;
  for (auto& start : starts) {
    start.state = model_.carry_state(*object.automaton, start.state, *automaton);
    for (auto& place : start.used) place = number_at[place];
    for (auto& place : start.hideable) place = number_at[place];
    for (auto& [place, count] : start.crashed) {
      place = automaton->call_of(*settled[static_cast<std::size_t>(place)]);
    }
  }
  const auto before = [&](Position position) {
    return static_cast<std::uint32_t>(
        std::lower_bound(problem.positions.begin(), problem.positions.end(), position) -
        problem.positions.begin());
  };
  const Position first_new = settled[object.carried]->invoked;
  const auto run = make_sweep(problem, *automaton, starts, before(first_new), before(edge));
  if (run == nullptr || !run->run(max_configurations_)) {
    given_up_.push_back(key);
    object = {};
    object.is_given_up = true;
    return;
  }
  auto crossings = run->crossings();
  if (crossings.empty()) return report(key, object, problem, run->last_event_of_conflict());
  object.automaton = std::move(automaton);
  carry_over(object, problem, edge, std::move(crossings));
}

/// Drops all operations except those that are open at the end of the batch and crashed ones.
void OnlineChecker::carry_over(Object& object, const Problem& problem, Position edge,
                               std::vector<Crossing> crossings) {
  for (auto& crossing : crossings) {
    for (auto& number : crossing.used) number = problem.operations[number].origin;
    for (auto& number : crossing.hideable) number = problem.operations[number].origin;
    for (auto& [call, count] : crossing.crashed) {
      call = CallId{static_cast<std::uint32_t>(place_of_crashed(problem, call))};
    }
  }
  std::vector<std::uint32_t> new_place(object.operations.size(), no_operation);
  std::deque<Operation> kept;
  std::vector<bool> answered;
  for (std::size_t i = 0; i < object.operations.size(); ++i) {
    auto& operation = object.operations[i];
    const bool is_behind = operation.invoked < edge;
    const bool is_crashed =
        operation.outcome == Outcome::info && model_.role(operation) != Role::observer;
    const bool is_open = is_answered(operation) && operation.returned > edge;
    if (is_behind && !is_crashed && !is_open) continue;
    new_place[i] = static_cast<std::uint32_t>(kept.size());
    answered.push_back(object.answered[i]);
    kept.push_back(std::move(operation));
  }
  for (auto& crossing : crossings) {
    for (auto& place : crossing.used) place = new_place[place];
    for (auto& place : crossing.hideable) place = new_place[place];
    for (auto& [place, count] : crossing.crashed) {
      place = CallId{new_place[static_cast<std::size_t>(place)]};
    }
  }
  object.carried = static_cast<std::size_t>(
      std::count_if(kept.begin(), kept.end(),
                    [edge](const Operation& operation) { return operation.invoked < edge; }));
  object.operations = std::move(kept);
  object.answered = std::move(answered);
  object.crossings = std::move(crossings);
}

void OnlineChecker::report(const std::string& key, const Object& object, const Problem& problem,
                           std::uint32_t stuck) {
  const auto position = problem.positions[stuck];
  const auto& culprit =
      object.operations[problem.operations[problem.events[stuck].operation].origin];
  CheckResult result;
  result.name = "linearizable";
  result.procedure = "online search";
  result.validity = Validity::invalid;
  result.message = fmt::format("no order explains client {}'s \"{}\"",
                               static_cast<std::int64_t>(culprit.process), label_of(culprit));
  std::vector<const Operation*> operations;
  for (const auto& operation : object.operations) operations.push_back(&operation);
  const auto* first_new = object.carried < operations.size() ? operations[object.carried] : nullptr;
  auto conflict = window(operations, model_, first_new == nullptr ? position : first_new->invoked,
                         position, budget_);
  const auto budget = budget_.at_most(explain_soon);
  if (decide_conflict(conflict, model_, budget) == Validity::invalid) {
    result.counterexample = explain(std::move(conflict), model_, budget);
    result.counterexample->key = key;
    result.message = result.counterexample->sentence;
  }
  if (!key.empty()) result.message += fmt::format(" (key {})", history::brief_text(key));
  violation_ = std::move(result);
}

}  // namespace sunder::checker
