#pragma once
// One object's history as the search processes it: events in order, and operations with their call,
// role and slot. An operation holds a slot from invocation to return, and slots are reused, so the
// open operations at any moment are a few bits.
// Invariant: operations that cannot matter are left out: failed ones, crashed observers, and
// crashed operations that no other operation could notice.

#include <cstdint>
#include <span>
#include <vector>

#include "checker/linearizability/automaton.h"

namespace sunder::checker {

constexpr std::uint32_t no_operation = UINT32_MAX;

struct SearchOperation {
  CallId call;
  Role role;
  /// Its index in the operations that the problem was made of.
  std::uint32_t origin = 0;
  /// If completed.
  std::uint32_t slot = 0;
  /// It may have taken effect before the history begins, or never.
  bool may_lapse = false;
  /// The event at which it returns, or `no_operation` if it crashed.
  std::uint32_t return_event = no_operation;
  /// If crashed.
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
  /// The position of each event in the history.
  std::vector<history::Position> positions;
  /// For each event: the observer that returns at it or first after it, or `no_operation`.
  std::vector<std::uint32_t> next_observer;
  /// All overwriters by invocation, and how many of them were invoked before each event.
  std::vector<std::uint32_t> overwriters;
  std::vector<std::uint32_t> overwriters_before;
  /// Crashed operations with equal calls are one class.
  std::vector<CallId> crash_classes;
  std::uint32_t slot_count = 0;
};

/// `operations` are of one object, sorted by invocation, and belong to the automaton's model.
Problem make_problem(std::span<const history::Operation* const> operations, Automaton& automaton);

/// The same for the beginning of a history whose rest is not known yet: crashed operations are kept
/// even if no operation has noticed them so far.
Problem make_open_problem(std::span<const history::Operation* const> operations,
                          Automaton& automaton);

}  // namespace sunder::checker
