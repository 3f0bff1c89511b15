#include "checker/isolation/walk.h"

namespace sunder::checker::isolation {

CycleEdge edge_of(const Component& component, Node from, Node to, const Arc& arc) {
  return {static_cast<EdgeKind>(arc.kind()), component.id_of(from), component.id_of(to),
          is_order(arc.kind()) ? 0 : arc.key()};
}

Cycle edges_along(const Component& component, Node from, std::span<const Arc> arcs) {
  Cycle edges;
  Arc by;
  for (const auto& arc : arcs) {
    if (!is_pass(arc.kind())) by = arc;
    if (arc.to >= component.transaction_count()) continue;
    edges.push_back(edge_of(component, from, arc.to, by));
    from = arc.to;
  }
  return edges;
}

}  // namespace sunder::checker::isolation
