#pragma once
// Whether the open orders of versions can be decided so that a level forbids no cycle: what follows
// (order_propagation.h), then one order of all nodes in which nobody overwrites what is still to be
// read, then a search that decides and learns from the cycles that it closes (clauses.h).
// Invariant: `possible` and `impossible` are exact. Surprise: a problem that is open says which
// writers, and whether a solver that this build lacks might have decided it.

#include <cstdint>
#include <vector>

#include "checker/budget.h"
#include "checker/isolation/level.h"
#include "checker/isolation/order_problem.h"
#include "checker/isolation/order_propagation.h"

namespace sunder::checker::isolation {

struct OrderLimits {
  /// For one level.
  std::uint64_t steps = 1'000'000'000;
  /// Of versions whose order is open.
  std::uint64_t pairs = 32'000'000;
  /// For the search in the place of the solver, if this build has none.
  std::uint64_t decisions = 20'000;
  Budget budget;
};

/// A link of a cycle, and why its versions are in this order if they were in none.
struct ReasonedLink {
  Link link;
  std::optional<OrderReason> reason;
};

/// Writers of a key, sorted.
struct WritersOfKey {
  KeyId key = 0;
  std::vector<Node> writers;
};

struct OrderAnswer {
  enum class Kind : std::uint8_t { possible, impossible, open } kind = Kind::open;
  /// possible, at Forbidden::any: the nodes in an order that can be executed.
  std::vector<Node> order;
  /// possible: the writers of each open key in the order of their versions.
  std::vector<WritersOfKey> versions;
  /// impossible: a cycle that is there however the open orders are decided. Empty if each way of
  /// deciding them closes one of several.
  std::vector<ReasonedLink> cycle;
  /// impossible without such a cycle: those that the ways of deciding close.
  std::vector<std::vector<Link>> alternatives;
  /// open, or impossible with `alternatives`: the writers that were in no known order, by key.
  std::vector<WritersOfKey> undecided;
  /// open: the solver that this build lacks was needed.
  bool lacks_solver = false;
};

OrderAnswer find_order(const OrderProblem& problem, Forbidden forbidden, Order order,
                       const OrderLimits& limits = {});

}  // namespace sunder::checker::isolation
