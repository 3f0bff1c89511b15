#pragma once
// Links are blocked: connections stay, and nothing passes. The shape says which links.

#include <cstdint>
#include <set>
#include <vector>

#include "nemesis/link.h"
#include "nemesis/network/direction.h"
#include "nemesis/schedule/enum_names.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

enum class PartitionShape {
  one,              ///< The target (one node) against the rest.
  halves,           ///< The target (half of the nodes) against the rest.
  majorities_ring,  ///< Every node sees a majority, no two nodes the same one. Has no target.
  bridge,           ///< Two halves that only the target, the bridge, can reach.
  one_way,          ///< The target sends and cannot receive, or receives and cannot send.
};

const EnumNames<PartitionShape>& partition_shape_names();

struct Partition {
  PartitionShape shape = PartitionShape::one;
  /// Clients can be on the other side only of `one`, `halves` and `one_way`.
  OtherEnd other_end = OtherEnd::nodes;
  bool operator==(const Partition&) const = default;
};

const FaultKind& kind_of(const Partition&);

/// Empty if so few nodes cannot be divided in this shape (a ring of two has no link to block).
std::set<Link> blocked_links(PartitionShape shape, int node_count,
                             const std::vector<NodeId>& targets, std::uint64_t seed,
                             OtherEnd other_end = OtherEnd::nodes);

}  // namespace sunder::nemesis
