#include "checker/linearizability/decide.h"

#include <algorithm>
#include <atomic>
#include <new>

#include "checker/linearizability/collection_order.h"
#include "checker/linearizability/queue_order.h"
#include "checker/linearizability/search.h"
#include "checker/linearizability/zones.h"
#include "checker/models/bank.h"
#include "checker/objects/bag_counts.h"
#include "checker/objects/balances.h"
#include "checker/objects/counter_sweep.h"
#include "checker/objects/holds.h"
#include "checker/objects/lock_sweep.h"
#include "checker/objects/repeated_list.h"
#include "checker/objects/set_sweep.h"
#include "checker/objects/text_chains.h"
#include "checker/objects/versions.h"

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

/// Throws BudgetSpent if the search holds more than its share of the memory.
void require_share(const Search& search, const Automaton& automaton, const Budget& budget) {
  if (search.memory_bytes() + automaton.memory_bytes() > budget.search_bytes()) {
    throw BudgetSpent("memory ran out");
  }
}

/// One search over one object, and the windows it tries when it is stuck. Only the constructor
/// throws BudgetSpent.
class SearchRun {
 public:
  SearchRun(Operations operations, const ErasedModel& model, Budget& budget, Asked asked)
      : operations_(operations),
        model_(model),
        budget_(budget),
        automaton_(model.make_automaton(budget)),
        start_(automaton_->initial()),
        problem_(make_problem(operations, *automaton_)),
        asked_(asked),
        search_(make_search(problem_, *automaton_, start_, asked)) {}

  Decision decide() {
    decision_.procedure = "search";
    if (search_ == nullptr) {
      decision_.gave_up_because = "more operations are open at once than the search can hold";
      return std::move(decision_);
    }
    try {
      if (search()) {
        if (asked_ == Asked::order) find_order();
        return finish(Validity::valid);
      }
    } catch (const BudgetSpent& spent) {
      return give_up(spent.what());
    } catch (const std::bad_alloc&) {
      return give_up("memory ran out");
    }
    narrow();
    return finish(Validity::invalid);
  }

 private:
  /// Whether the history is linearizable. Throws BudgetSpent.
  bool search() {
    while (true) {
      const auto progress = search_->run(slice);
      if (progress != Search::Progress::running) return progress == Search::Progress::linearizable;
      require_share(*search_, *automaton_, budget_);
      if (search_->stuck_for() > patience_ && try_windows()) return false;
    }
  }

  /// The verdict stays if the budget is spent meanwhile.
  void find_order() {
    try {
      std::vector<std::size_t> order;
      for (const auto number : search_->order()) {
        order.push_back(problem_.operations[number].origin);
      }
      decision_.order = std::move(order);
    } catch (const BudgetSpent&) {
      decision_.order.reset();
    }
  }

  Position conflict_end() const { return problem_.positions[search_->last_event_of_conflict()]; }

  Decision finish(Validity validity) {
    decision_.validity = validity;
    if (validity == Validity::invalid) decision_.conflict_end = conflict_end();
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

  /// The history is not linearizable. The conflict is the shortest window, if there is one.
  void narrow() {
    if (!decision_.conflict.operations.empty()) return;
    try {
      is_conflict_within(search_->last_event_of_conflict(), first_patience);
    } catch (const BudgetSpent&) {
      decision_.conflict = {};  // The verdict stays, with a longer proof.
    }
  }

  bool is_conflict_within(std::uint32_t most_events, std::uint64_t budget) {
    if (!model_.knows_possible_states()) return false;
    const auto end = search_->last_event_of_conflict();
    for (auto events = least_window; events <= most_events && events < end;
         events += 1 + events / 4) {
      const auto from = problem_.positions[end - events];
      auto part = window(operations_, model_, from, conflict_end(), budget_);
      if (!is_conflict(part, budget)) continue;
      decision_.conflict = std::move(part);
      return true;
    }
    return false;
  }

  bool is_conflict(const Conflict& part, std::uint64_t budget) {
    const auto automaton = model_.make_automaton(budget_);
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
  Budget& budget_;
  std::unique_ptr<Automaton> automaton_;
  StateId start_;
  Problem problem_;
  Asked asked_;
  std::unique_ptr<Search> search_;
  std::uint64_t patience_ = first_patience;
  std::uint32_t most_window_ = first_most_window;
  Decision decision_;
};

Validity search_from(const Problem& problem, Automaton& automaton, StateId start,
                     const Budget& budget) {
  const auto search = make_search(problem, automaton, start);
  if (search == nullptr) return Validity::unknown;
  while (true) {
    const auto progress = search->run(slice);
    if (progress == Search::Progress::linearizable) return Validity::valid;
    if (progress == Search::Progress::not_linearizable) return Validity::invalid;
    require_share(*search, automaton, budget);
  }
}

/// Whether the set does not only grow.
bool removes_any(Operations operations) {
  return std::any_of(operations.begin(), operations.end(),
                     [](const Operation* each) { return each->f == "remove"; });
}

FastAnswer decide_list(Operations operations, Budget& budget, Asked asked) {
  auto answer = decide_by_collection_order(operations, Collection::list, budget, asked);
  if (answer.kind != FastAnswer::Kind::not_applicable) return answer;
  return decide_by_repeated_list(operations, budget, asked);
}

FastAnswer decide_bag(Operations operations, Budget& budget, Asked asked) {
  auto answer = decide_by_queue_order(operations, Discipline::bag, budget, asked);
  if (answer.kind != FastAnswer::Kind::not_applicable) return answer;
  return decide_by_bag_counts(operations, budget, asked);
}

FastAnswer decide_fast(Operations operations, const ErasedModel& model, Budget& budget,
                       Asked asked = Asked::verdict) {
  switch (model.family()) {
    case Family::registers:
      return decide_by_zones(operations, model.initial_value(), budget, asked);
    case Family::queues:
      return decide_by_queue_order(operations, Discipline::fifo, budget, asked);
    case Family::bags:
      return decide_bag(operations, budget, asked);
    case Family::counters:
      return decide_by_counter_sweep(operations, *model.initial_value().integer(), budget, asked);
    case Family::locks:
      return decide_by_lock_sweep(operations, model.permits(), budget, asked);
    case Family::owned_locks:
    case Family::fenced_locks:
      return decide_by_holds(operations, {model.permits(), model.family() == Family::fenced_locks},
                             budget, asked);
    case Family::sets:
      if (removes_any(operations)) return decide_by_set_sweep(operations, budget, asked);
      return decide_by_collection_order(operations, Collection::set, budget, asked);
    case Family::lists:
      return decide_list(operations, budget, asked);
    case Family::texts: {
      const auto initial = model.initial_value();
      return decide_by_text_chains(operations, *initial.text(), budget, asked);
    }
    case Family::versioned_registers:
      return decide_by_versions(operations, model.initial_value(), budget, asked);
    case Family::banks:
      return decide_by_balances(operations, dynamic_cast<const ErasedModelOf<Bank>&>(model).model(),
                                budget, asked);
    case Family::other:
      break;
  }
  return {};
}

std::string_view fast_procedure(Family family, bool removes) {
  switch (family) {
    case Family::counters:
    case Family::locks:
      return "lazy sweep";
    case Family::owned_locks:
      return "holds";
    case Family::fenced_locks:
      return "tokens";
    case Family::registers:
      return "zones";
    case Family::queues:
      return "queue order";
    case Family::bags:
      return "bag counts";
    case Family::sets:
      return removes ? "lazy sweep" : "collection order";
    case Family::lists:
      return "collection order";
    case Family::texts:
      return "text chains";
    case Family::versioned_registers:
      return "versions";
    case Family::banks:
      return "balances";
    case Family::other:
      break;
  }
  return "search";
}

/// Of an answer that applies.
Validity validity_of(const FastAnswer& answer) {
  const bool fits = answer.kind == FastAnswer::Kind::linearizable;
  return fits ? Validity::valid : Validity::invalid;
}

/// Leaves of what a read returned only these elements.
void cut_read(Operation& operation, const std::vector<history::Value>& about) {
  const auto* seen = operation.result.list();
  if (about.empty() || operation.f != "read" || seen == nullptr) return;
  history::List kept;
  std::copy_if(seen->begin(), seen->end(), std::back_inserter(kept), [&](const auto& element) {
    return std::find(about.begin(), about.end(), element) != about.end();
  });
  operation.result = std::move(kept);
}

/// Copies the operations to blame. Without them if the budget is spent.
void blame(Decision& decision, Operations operations, const FastAnswer& answer, Budget& budget) {
  decision.conflict.about = answer.about;
  decision.conflict.from_any_state = answer.from_any_state;
  decision.conflict.why = answer.why;
  decision.conflict.dequeues_stay = answer.dequeues_stay;
  decision.conflict.shortfall = answer.shortfall;
  try {
    for (std::size_t i = 0; i < answer.conflict.size(); ++i) {
      const auto& operation = *operations[answer.conflict[i]];
      budget.spend(heap_bytes_of(operation));
      auto& blamed = decision.conflict.operations.emplace_back(operation);
      cut_read(blamed, answer.about);
      if (!answer.cut_results.empty()) blamed.result = answer.cut_results[i];
    }
  } catch (const BudgetSpent&) {
    decision.conflict = {};
    for (const auto place : answer.conflict) {
      const auto returned = operations[place]->returned;
      const bool is_later =
          decision.conflict_end == history::never || returned > decision.conflict_end;
      if (returned != history::never && is_later) decision.conflict_end = returned;
    }
  }
}

Decision decide_by_search(Operations operations, const ErasedModel& model, Budget& budget,
                          Asked asked) {
  auto decision = SearchRun(operations, model, budget, asked).decide();
  const bool has_proof = !decision.conflict.operations.empty();
  if (decision.validity != Validity::invalid || has_proof) return decision;
  // The search has freed its memory by now.
  try {
    decision.conflict = {cut(operations, model, 0, decision.conflict_end, budget), false, {}};
  } catch (const BudgetSpent&) {
    decision.conflict = {};
  }
  return decision;
}

Decision decide_within(Operations operations, const ErasedModel& model, Budget& budget,
                       Asked asked) {
  // A fast procedure ends its work although another key is not linearizable, so that as many keys
  // as possible are counted, and the same ones each time.
  static const std::atomic<bool> is_never_moot{false};
  auto until_the_end = budget.unless(is_never_moot);
  auto fast = decide_fast(operations, model, until_the_end, asked);
  Decision decision;
  if (fast.kind != FastAnswer::Kind::not_applicable) {
    const bool removes = model.family() == Family::sets && removes_any(operations);
    decision.procedure = fast_procedure(model.family(), removes);
    decision.validity = validity_of(fast);
    if (asked == Asked::order) decision.order = std::move(fast.order);
    blame(decision, operations, fast, until_the_end);
    return decision;
  }
  if (model.family() == Family::registers) {
    if (const auto* unwritten = find_unwritten(operations, model.initial_value(), budget)) {
      decision.procedure = "values";
      decision.validity = Validity::invalid;
      decision.conflict.operations = {*unwritten};
      return decision;
    }
  }
  return decide_by_search(operations, model, budget, asked);
}

Validity decide_conflict_within(const Conflict& conflict, const ErasedModel& model,
                                Budget& budget) {
  const auto pointers = pointers_to(conflict.operations);
  if (!conflict.from_any_state) {
    const auto fast = decide_fast(pointers, model, budget);
    if (fast.kind != FastAnswer::Kind::not_applicable) return validity_of(fast);
  }
  const auto automaton = model.make_automaton(budget);
  std::vector<StateId> starts = {automaton->initial()};
  if (conflict.from_any_state) {
    auto possible = model.possible_states(*automaton, pointers);
    if (!possible) return Validity::unknown;
    starts = std::move(*possible);
  }
  const auto problem = make_problem(pointers, *automaton);
  for (const auto start : starts) {
    const auto validity = search_from(problem, *automaton, start, budget);
    if (validity != Validity::invalid) return validity;
  }
  return Validity::invalid;
}

Decision undecided(std::string_view why) {
  Decision decision;
  decision.gave_up_because = why;
  return decision;
}

}  // namespace

Decision decide(Operations operations, const ErasedModel& model, const Budget& budget,
                Asked asked) {
  auto own_budget = budget;
  try {
    return decide_within(operations, model, own_budget, asked);
  } catch (const BudgetSpent& spent) {
    return undecided(spent.what());
  } catch (const std::bad_alloc&) {
    return undecided("memory ran out");
  }
}

Validity decide_conflict(const Conflict& conflict, const ErasedModel& model, const Budget& budget) {
  auto own_budget = budget;
  try {
    return decide_conflict_within(conflict, model, own_budget);
  } catch (const BudgetSpent&) {
    return Validity::unknown;
  } catch (const std::bad_alloc&) {
    return Validity::unknown;
  }
}

}  // namespace sunder::checker
