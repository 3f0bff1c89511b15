#pragma once
// Decides any model by depth-first search over configurations: (event, state, which open operations
// have taken effect). The memo key depends on the window of open operations, not on the length of
// the history. Sound rules that keep the search small:
//   just in time       an operation takes effect only when one that must return needs it
//   observer greed     an open observer that is legal now takes effect now
//   hiding             an open overwriter can take effect unnoticed right before another one, and
//                      can still be used later; it needs no place in the order until it is observed
//   twins              of open operations with equal calls, the first to return goes first
//   crash dominance    of two configurations that differ in the crashed operations used, the one
//                      with fewer is kept
// Surprise: `run` works in steps and can be resumed, so that a caller can check the time or try
// another procedure in between.

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "checker/linearizability/fast_answer.h"
#include "checker/linearizability/problem.h"

namespace sunder::checker {

/// A configuration at the end of a part of a history, without the slots of that part's problem.
struct Crossing {
  StateId state{};
  /// Open operations (by number) that have taken effect, and those that could have unnoticed.
  std::vector<std::uint32_t> used;
  std::vector<std::uint32_t> hideable;
  /// The crashed operations that have taken effect: how many of each call.
  std::vector<std::pair<CallId, std::uint32_t>> crashed;
};

class Search {
 public:
  enum class Progress { running, linearizable, not_linearizable };

  Search() = default;
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;
  virtual ~Search() = default;

  /// Visits at most this many further configurations.
  virtual Progress run(std::uint64_t configurations) = 0;
  /// The last event that some order reaches: everything before it is linearizable.
  virtual std::uint32_t furthest_event() const = 0;
  /// That event, or a later one at which an order was given up early. If the history is not
  /// linearizable, the events after this one are not part of the conflict.
  virtual std::uint32_t last_event_of_conflict() const = 0;
  /// Configurations visited since `furthest_event` last moved.
  virtual std::uint64_t stuck_for() const = 0;
  virtual std::uint64_t visited() const = 0;
  /// Without the automaton's memory.
  virtual std::size_t memory_bytes() const = 0;
  /// If it was asked for and the answer was `linearizable`: the numbers of the operations that took
  /// effect, in an order of their effects.
  virtual std::vector<std::uint32_t> order() = 0;
};

constexpr std::uint32_t max_open_operations = 4096;

/// `problem` and `automaton` must outlive the search. Null if more than `max_open_operations` are
/// open at once.
std::unique_ptr<Search> make_search(const Problem& problem, Automaton& automaton, StateId start,
                                    Asked asked = Asked::verdict);

/// A search over the events from `begin` to `end` that finds every configuration at the end, not
/// only the first.
class Sweep {
 public:
  Sweep() = default;
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;
  virtual ~Sweep() = default;
  /// False if there are more configurations than the limit.
  virtual bool run(std::uint64_t configurations) = 0;
  /// The configurations at the end.
  virtual std::vector<Crossing> crossings() const = 0;
  /// As Search::last_event_of_conflict.
  virtual std::uint32_t last_event_of_conflict() const = 0;
};

std::unique_ptr<Sweep> make_sweep(const Problem& problem, Automaton& automaton,
                                  const std::vector<Crossing>& starts, std::uint32_t begin,
                                  std::uint32_t end);

}  // namespace sunder::checker
