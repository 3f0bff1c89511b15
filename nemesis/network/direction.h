#pragma once
// The links of some nodes by their direction, seen from these nodes.

#include <set>
#include <vector>

#include "nemesis/link.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class Direction { out, in, both };

const EnumNames<Direction>& direction_names();

/// The links in this direction between the nodes and all others, and those among the nodes.
std::set<Link> links_of(Direction direction, int node_count, const std::vector<NodeId>& nodes);

}  // namespace sunder::nemesis
