#pragma once
// One object's history as the search walks it: events in order, and operations that know their
// call, their role and their slot. A slot is held from invocation to return and then used again, so
// the operations open at any moment are a few bits. Invariant: what cannot matter is gone: failed
// operations, unanswered observers, unanswered operations that nobody could have noticed.

#include <cstdint>
#include <span>
#include <vector>

#include "checker/linearizability/automaton.h"

namespace sunder::checker {

constexpr std::uint32_t no_operation = UINT32_MAX;

struct SearchOperation {
  CallId call;
  Role role;
  /// Its place among the operations that the problem was made of.
  std::uint32_t origin = 0;
  /// Of an answered operation.
  std::uint32_t slot = 0;
  /// May have taken effect before the history begins, or never.
  bool may_lapse = false;
  /// The event at which it returns, or `no_operation` if it crashed.
  std::uint32_t return_event = no_operation;
  /// Of a crashed one.
  std::uint32_t crash_class = 0;
  bool crashed() const { return return_event == no_operation; }
};

struct SearchEvent {
  std::uint32_t operation : 31;
  std::uint32_t is_return : 1;
};

struct Problem {
  std::vector<SearchOperation> operations;
  std::vector<SearchEvent> events;
  /// Where each event stands in the history.
  std::vector<history::Position> positions;
  /// The observer that returns at this event or next after it, or `no_operation`.
  std::vector<std::uint32_t> next_observer;
  /// All overwriters by invocation, and how many of them were invoked before each event.
  std::vector<std::uint32_t> overwriters;
  std::vector<std::uint32_t> overwriters_before;
  /// Crashed operations with one call are one class.
  std::vector<CallId> crash_classes;
  std::uint32_t slot_count = 0;
};

/// `operations` are one object's, by invocation; none is foreign to the automaton's model.
Problem make_problem(std::span<const history::Operation* const> operations, Automaton& automaton);

/// The same for the beginning of a history whose rest is not known yet: what was never answered is
/// kept even if nobody has noticed it so far.
Problem make_open_problem(std::span<const history::Operation* const> operations,
                          Automaton& automaton);

}  // namespace sunder::checker
