#include "checker/linearizability/decide.h"

#include <algorithm>
#include <optional>

#include "checker/linearizability/search.h"
#include "checker/linearizability/zones.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Position;
using Operations = std::span<const Operation* const>;

/// Configurations between two looks at the clock.
constexpr std::uint64_t slice = 2048;
/// Configurations without progress after which a window is tried, and its first size in events.
constexpr std::uint64_t first_patience = 20'000;
constexpr std::uint32_t first_window_events = 64;
/// Configurations that a window may cost, as a part of what was spent on being stuck.
constexpr std::uint64_t window_share = 2;

std::vector<const Operation*> pointers_to(const std::vector<Operation>& operations) {
  std::vector<const Operation*> pointers;
  pointers.reserve(operations.size());
  for (const auto& operation : operations) pointers.push_back(&operation);
  return pointers;
}

std::optional<std::string_view> exhausted(const Search& search, const Automaton& automaton,
                                          const Limits& limits) {
  if (limits.is_moot != nullptr && *limits.is_moot) return "another key was not linearizable";
  if (std::chrono::steady_clock::now() >= limits.deadline) return "time ran out";
  if (search.memory_bytes() + automaton.memory_bytes() > limits.memory_bytes) {
    return "memory ran out";
  }
  return std::nullopt;
}

/// The part of a history between two positions. What was open at either edge may happen or not:
/// that is weaker than what is known of it, so a conflict here is one of the whole.
std::vector<Operation> cut(Operations operations, const ErasedModel& model, Position from,
                           Position to) {
  std::vector<Operation> part;
  for (const auto* operation : operations) {
    if (operation->invoked > to) break;
    const bool answered = operation->outcome == Outcome::ok;
    if (operation->outcome == Outcome::fail || (answered && operation->returned < from)) continue;
    const bool crosses = operation->invoked < from || !answered || operation->returned > to;
    if (crosses && model.role(*operation) == Role::observer) continue;
    part.push_back(*operation);
    if (!crosses) continue;
    part.back().outcome = Outcome::info;
    part.back().returned = history::never;
    part.back().result = part.back().argument;
  }
  return part;
}

/// One search over one object, and the windows it tries when it is stuck.
class SearchRun {
 public:
  SearchRun(Operations operations, const ErasedModel& model, const Limits& limits)
      : operations_(operations),
        model_(model),
        limits_(limits),
        automaton_(model.make_automaton()),
        start_(automaton_->initial()),
        problem_(make_problem(operations, *automaton_)),
        search_(make_search(problem_, *automaton_, start_)) {}

  Decision decide() {
    decision_.procedure = "search";
    if (search_ == nullptr) {
      decision_.gave_up_because = "more operations are open at once than the search can hold";
      return std::move(decision_);
    }
    auto progress = Search::Progress::running;
    while (progress == Search::Progress::running) {
      progress = search_->run(slice);
      if (progress != Search::Progress::running) break;
      if (const auto why = exhausted(*search_, *automaton_, limits_)) return give_up(*why);
      if (search_->stuck_for() > patience_ && try_window()) return finish(Validity::invalid);
    }
    if (progress == Search::Progress::linearizable) return finish(Validity::valid);
    narrow();
    return finish(Validity::invalid);
  }

 private:
  Position stuck_at() const { return problem_.positions[search_->furthest_event()]; }

  Decision finish(Validity validity) {
    decision_.validity = validity;
    decision_.configurations += search_->visited();
    decision_.memory_bytes = search_->memory_bytes() + automaton_->memory_bytes();
    return std::move(decision_);
  }

  Decision give_up(std::string_view why) {
    decision_.gave_up_because = why;
    const auto events = std::span(problem_.events).first(search_->furthest_event());
    decision_.decided_operations = static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [](auto event) { return event.is_return; }));
    return finish(Validity::unknown);
  }

  /// Whether the events before the one where the search is stuck are a conflict from any state.
  bool try_window() {
    const auto window_events = window_events_;
    patience_ *= 2;
    window_events_ *= 2;
    // From the first event on, that is what the search itself is about.
    return window_events < search_->furthest_event() &&
           is_conflict_from_any_state(window_events, search_->stuck_for() / window_share);
  }

  /// The history is not linearizable: blames the shortest window, or else all up to the end of it.
  void narrow() {
    const auto furthest = search_->furthest_event();
    for (std::uint32_t events = first_window_events; events < furthest; events *= 2) {
      if (is_conflict_from_any_state(events, first_patience)) return;
    }
    decision_.conflict = {cut(operations_, model_, 0, stuck_at()), false};
  }

  bool is_conflict_from_any_state(std::uint32_t window_events, std::uint64_t budget) {
    const auto first = problem_.positions[search_->furthest_event() - window_events];
    Conflict window{cut(operations_, model_, first, stuck_at()), true};
    if (!is_conflict(window, budget)) return false;
    decision_.conflict = std::move(window);
    return true;
  }

  bool is_conflict(const Conflict& window, std::uint64_t budget) {
    const auto automaton = model_.make_automaton();
    const auto pointers = pointers_to(window.operations);
    const auto starts = model_.possible_states(*automaton, pointers);
    if (!starts) return false;
    const auto problem = make_problem(pointers, *automaton);
    for (const auto start : *starts) {
      const auto search = make_search(problem, *automaton, start);
      if (search == nullptr || search->run(budget) != Search::Progress::not_linearizable) {
        return false;
      }
      decision_.configurations += search->visited();
    }
    return true;
  }

  Operations operations_;
  const ErasedModel& model_;
  const Limits& limits_;
  std::unique_ptr<Automaton> automaton_;
  StateId start_;
  Problem problem_;
  std::unique_ptr<Search> search_;
  std::uint64_t patience_ = first_patience;
  std::uint32_t window_events_ = first_window_events;
  Decision decision_;
};

Validity search_from(const Problem& problem, Automaton& automaton, StateId start,
                     const Limits& limits) {
  const auto search = make_search(problem, automaton, start);
  if (search == nullptr) return Validity::unknown;
  while (true) {
    const auto progress = search->run(slice);
    if (progress == Search::Progress::linearizable) return Validity::valid;
    if (progress == Search::Progress::not_linearizable) return Validity::invalid;
    if (exhausted(*search, automaton, limits)) return Validity::unknown;
  }
}

}  // namespace

Decision decide(Operations operations, const ErasedModel& model, const Limits& limits) {
  if (model.is_register()) {
    const auto answer = decide_by_zones(operations);
    if (answer.kind != ZonesAnswer::Kind::not_applicable) {
      Decision decision;
      decision.procedure = "zones";
      decision.validity =
          answer.kind == ZonesAnswer::Kind::linearizable ? Validity::valid : Validity::invalid;
      for (const auto place : answer.conflict) {
        decision.conflict.operations.push_back(*operations[place]);
      }
      return decision;
    }
    if (const auto* unwritten = find_unwritten(operations)) {
      Decision decision;
      decision.procedure = "values";
      decision.validity = Validity::invalid;
      decision.conflict.operations = {*unwritten};
      return decision;
    }
  }
  return SearchRun(operations, model, limits).decide();
}

Validity decide_conflict(const Conflict& conflict, const ErasedModel& model, const Limits& limits) {
  const auto pointers = pointers_to(conflict.operations);
  if (model.is_register() && !conflict.from_any_state) {
    const auto answer = decide_by_zones(pointers);
    if (answer.kind == ZonesAnswer::Kind::linearizable) return Validity::valid;
    if (answer.kind == ZonesAnswer::Kind::not_linearizable) return Validity::invalid;
  }
  const auto automaton = model.make_automaton();
  std::vector<StateId> starts = {automaton->initial()};
  if (conflict.from_any_state) {
    auto possible = model.possible_states(*automaton, pointers);
    if (!possible) return Validity::unknown;
    starts = std::move(*possible);
  }
  const auto problem = make_problem(pointers, *automaton);
  for (const auto start : starts) {
    const auto validity = search_from(problem, *automaton, start, limits);
    if (validity != Validity::invalid) return validity;
  }
  return Validity::invalid;
}

}  // namespace sunder::checker
