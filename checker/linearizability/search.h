#pragma once
// Decides any model by depth-first search over configurations: (event, state, which open operations
// have taken effect). The memo key is as small as the window of open operations, however long the
// history. What keeps it narrow, each of it sound:
//   just in time       an operation takes effect only when one that must return needs it
//   observer greed     an open observer that is legal now takes effect now
//   hiding             under an overwriter any open overwriter can vanish, unseen, and still be
//   used
//                      later; so it needs no order until somebody sees it
//   twins              of open operations with one call the first to return goes first
//   crash dominance    of two configurations alike but for crashed operations used, fewer is better
// Surprise: `run` works in steps and can be resumed, so that a caller can look at the clock, or try
// something else first.

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "checker/linearizability/problem.h"

namespace sunder::checker {

/// Where a history is cut in two: one configuration, in terms that outlive the problem's slots.
struct Crossing {
  StateId state{};
  /// Numbers of open operations that have taken effect, or could have done so unnoticed.
  std::vector<std::uint32_t> used;
  std::vector<std::uint32_t> hideable;
  /// Calls of crashed operations that have taken effect, and how many of each.
  std::vector<std::pair<CallId, std::uint32_t>> crashed;
};

class Search {
 public:
  enum class Progress { running, linearizable, not_linearizable };

  Search() = default;
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;
  virtual ~Search() = default;

  /// Visits at most that many configurations more.
  virtual Progress run(std::uint64_t configurations) = 0;
  /// The last event some order got stuck at: everything before it is linearizable.
  virtual std::uint32_t furthest_event() const = 0;
  /// That event, or a later one that some order was foreseen not to survive: if no order is left,
  /// what is behind this one has no part in it.
  virtual std::uint32_t last_event_of_conflict() const = 0;
  /// Configurations visited since `furthest_event` last moved.
  virtual std::uint64_t stuck_for() const = 0;
  virtual std::uint64_t visited() const = 0;
  /// Without the automaton's.
  virtual std::size_t memory_bytes() const = 0;
};

constexpr std::uint32_t max_open_operations = 4096;

/// Both must outlive the search. Null if more than `max_open_operations` are open at once.
std::unique_ptr<Search> make_search(const Problem& problem, Automaton& automaton, StateId start);

/// A search over a part of a problem, from event `begin` to event `end`, that finds every way
/// across rather than the first.
class Sweep {
 public:
  Sweep() = default;
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;
  virtual ~Sweep() = default;
  /// False if there are more configurations than that.
  virtual bool run(std::uint64_t configurations) = 0;
  /// Where it arrived.
  virtual std::vector<Crossing> crossings() const = 0;
  /// As a search's.
  virtual std::uint32_t last_event_of_conflict() const = 0;
};

std::unique_ptr<Sweep> make_sweep(const Problem& problem, Automaton& automaton,
                                  const std::vector<Crossing>& starts, std::uint32_t begin,
                                  std::uint32_t end);

}  // namespace sunder::checker
