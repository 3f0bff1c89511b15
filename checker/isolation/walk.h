#pragma once
// What a search in a component walked, as edges between transactions. Auxiliary nodes are left out:
// their edge is the one that led to the first of them.

#include <span>

#include "checker/isolation/component.h"
#include "checker/isolation/cycle.h"

namespace sunder::checker::isolation {

constexpr bool is_order(ArcKind kind) {
  return kind == ArcKind::process || kind == ArcKind::real_time;
}
/// Whether the arc only leads on from an auxiliary node.
constexpr bool is_pass(ArcKind kind) {
  return kind >= ArcKind::pass;
}

/// The arc's edge between two transactions.
CycleEdge edge_of(const Component& component, Node from, Node to, const Arc& arc);

/// The edges of a walk from a transaction along these arcs, the last of which ends at one.
Cycle edges_along(const Component& component, Node from, std::span<const Arc> arcs);

}  // namespace sunder::checker::isolation
