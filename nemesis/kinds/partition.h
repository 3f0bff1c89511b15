#pragma once
// The shapes a network can break into, as sets of blocked directed links. Pure.

#include <cstdint>
#include <set>
#include <vector>

#include "nemesis/node_number.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class PartitionShape {
  one,              ///< The target (one node) against the rest.
  halves,           ///< The target (half of the nodes) against the rest.
  majorities_ring,  ///< Every node sees a majority, no two nodes the same one. Has no target.
  bridge,           ///< Two halves that only the target, the bridge, can reach.
  one_way,          ///< The target is heard but cannot hear, or hears but is not heard.
};

/// Empty if the shape cannot be had with so few nodes (a ring of two has nothing to cut).
std::set<Link> blocked_links(PartitionShape shape, int node_count,
                             const std::vector<NodeNumber>& targets, std::uint64_t seed);

const EnumNames<PartitionShape>& partition_shape_names();

}  // namespace sunder::nemesis
