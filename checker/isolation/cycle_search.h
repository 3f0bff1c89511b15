#pragma once
// Finds the shortest cycles of each class in one component.
// Invariant: whether there are cycles that rule out a model is decided exactly, except for
// G-single, whose search may end with the budget (`is_complete`). Steps are counted, not time, so
// that the result is always the same. Surprise: the closed walk of a class can visit a transaction
// twice. It is taken apart then, and each part is reported under its own class. Parts rule out no
// less than the walk.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/isolation/component.h"
#include "checker/isolation/cycle.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

struct CyclesOfClass {
  /// The shortest of those that rule out most; empty if none was found.
  Cycle shortest;
  /// is_certain() of it.
  bool certain = false;
  /// How many were found, by the key of the edge from which the class is searched.
  std::map<KeyId, std::size_t> counts;

  void add(const Cycle& cycle, bool is_certain) {
    const bool rules_out_more = is_certain && !certain;
    const bool is_shorter = is_certain == certain && cycle.size() < shortest.size();
    if (!shortest.empty() && !rules_out_more && !is_shorter) return;
    shortest = cycle;
    certain = is_certain;
  }
};

struct FoundCycles {
  std::map<CycleClass, CyclesOfClass> classes;
  /// Of G-single and each order: whether the search for it ended with its budget.
  std::map<Order, bool> gave_up;

  void add(const FoundCycles& other);
};

/// `steps` is the most that one search may take after it looked at its first candidates.
FoundCycles find_cycles(const Component& component, const Transactions& transactions,
                        const ListOrders& orders, std::uint64_t steps, Budget& budget);

}  // namespace sunder::checker::isolation
