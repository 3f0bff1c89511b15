#include "checker/linearizability/decide.h"

#include <algorithm>
#include <optional>

#include "checker/linearizability/queue_order.h"
#include "checker/linearizability/search.h"
#include "checker/linearizability/zones.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Position;
using Operations = std::span<const Operation* const>;

/// Configurations between two checks of the limits.
constexpr std::uint64_t slice = 256;
/// Configurations without progress after which windows are tried.
constexpr std::uint64_t first_patience = 20'000;
/// Sizes of windows in events. The steps are small, because an operation across the edge of a
/// window can hide the conflict. The largest size doubles with each attempt.
constexpr std::uint32_t least_window = 4;
constexpr std::uint32_t first_most_window = 64;
/// The configurations that a window may cost, as a share of those visited since the search is
/// stuck.
constexpr std::uint64_t window_share = 8;

std::optional<std::string_view> exhausted(const Search& search, const Automaton& automaton,
                                          const Limits& limits) {
  if (limits.is_moot != nullptr && *limits.is_moot) return "another key was not linearizable";
  if (std::chrono::steady_clock::now() >= limits.deadline) return "time ran out";
  if (search.memory_bytes() + automaton.memory_bytes() > limits.memory_bytes) {
    return "memory ran out";
  }
  return std::nullopt;
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
      if (search_->stuck_for() > patience_ && try_windows()) return finish(Validity::invalid);
    }
    if (progress == Search::Progress::linearizable) return finish(Validity::valid);
    narrow();
    return finish(Validity::invalid);
  }

 private:
  Position conflict_end() const { return problem_.positions[search_->last_event_of_conflict()]; }

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

  /// Whether the events before the stuck event are a conflict from any state.
  bool try_windows() {
    patience_ *= 2;
    most_window_ *= 2;
    return is_conflict_within(most_window_ / 2, search_->stuck_for() / window_share);
  }

  /// The history is not linearizable. The conflict is the shortest window, or else all operations
  /// up to the end of the conflict.
  void narrow() {
    if (is_conflict_within(search_->last_event_of_conflict(), first_patience)) return;
    decision_.conflict = {cut(operations_, model_, 0, conflict_end()), false};
  }

  bool is_conflict_within(std::uint32_t most_events, std::uint64_t budget) {
    if (!model_.knows_possible_states()) return false;
    const auto end = search_->last_event_of_conflict();
    for (auto events = least_window; events <= most_events && events < end;
         events += 1 + events / 4) {
      const auto from = problem_.positions[end - events];
      auto part = window(operations_, model_, from, conflict_end());
      if (!is_conflict(part, budget)) continue;
      decision_.conflict = std::move(part);
      return true;
    }
    return false;
  }

  bool is_conflict(const Conflict& part, std::uint64_t budget) {
    const auto automaton = model_.make_automaton();
    const auto pointers = pointers_to(part.operations);
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
  std::uint32_t most_window_ = first_most_window;
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

FastAnswer decide_fast(Operations operations, Family family) {
  switch (family) {
    case Family::registers:
      return decide_by_zones(operations);
    case Family::queues:
      return decide_by_queue_order(operations);
    case Family::other:
      break;
  }
  return {};
}

/// Of an answer that applies.
Validity validity_of(const FastAnswer& answer) {
  const bool fits = answer.kind == FastAnswer::Kind::linearizable;
  return fits ? Validity::valid : Validity::invalid;
}

}  // namespace

Decision decide(Operations operations, const ErasedModel& model, const Limits& limits) {
  const auto fast = decide_fast(operations, model.family());
  if (fast.kind != FastAnswer::Kind::not_applicable) {
    Decision decision;
    decision.procedure = model.family() == Family::queues ? "queue order" : "zones";
    decision.validity = validity_of(fast);
    for (const auto place : fast.conflict) {
      decision.conflict.operations.push_back(*operations[place]);
    }
    return decision;
  }
  if (model.family() == Family::registers) {
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
  if (!conflict.from_any_state) {
    const auto fast = decide_fast(pointers, model.family());
    if (fast.kind != FastAnswer::Kind::not_applicable) return validity_of(fast);
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
