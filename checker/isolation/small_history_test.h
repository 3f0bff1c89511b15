#pragma once
// Histories of transactions for tests, in a form of their own: keys and values are small numbers, a
// read of nil is 0. The judged form (transactions.h) is not used, so that a mistake in it is seen.

#include <string>
#include <vector>

#include "checker/history/history.h"

namespace sunder::checker::isolation::small_history_test {

using history::Outcome;
using history::Position;

struct Micro {
  enum class Kind { append, write, read_list, read_register, unanswered };
  Kind kind = Kind::unanswered;
  int key = 0;
  /// append, write: above 0. read_register: 0 is nil.
  int value = 0;
  std::vector<int> list;

  bool writes() const { return kind == Kind::append || kind == Kind::write; }
  bool reads() const { return kind == Kind::read_list || kind == Kind::read_register; }
};

struct Small {
  int process = 0;
  Outcome outcome = Outcome::ok;
  Position invoked = 0;
  Position returned = history::never;
  std::vector<Micro> steps;
};

/// Sorted by invocation. No two events have the same position, and an event's position is the
/// number of events before it.
using SmallHistory = std::vector<Small>;

Micro append(int key, int value);
Micro write(int key, int value);
Micro read(int key, std::vector<int> list);
Micro read_register(int key, int value);
/// The outcome ok; `unanswered` reads are kept for info() and fail().
Small ok(int process, Position invoked, Position returned, std::vector<Micro> steps);
Small info(int process, Position invoked, std::vector<Micro> steps);
Small fail(int process, Position invoked, Position returned, std::vector<Micro> steps);
/// One behind the other, each by a process of its own.
SmallHistory one_by_one(std::vector<std::vector<Micro>> transactions);

/// Gives the events the positions 0, 1, 2, ... in the same order.
void close_ranks(SmallHistory& history);

history::History to_history(const SmallHistory& small);
/// sunder's own lines, for `sunder check`.
std::string to_lines(const SmallHistory& small);

}  // namespace sunder::checker::isolation::small_history_test
