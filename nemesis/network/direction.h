#pragma once
// The links of some nodes by their direction, seen from these nodes, and by what is at their other
// end.

#include <set>
#include <vector>

#include "nemesis/link.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class Direction { out, in, both };

const EnumNames<Direction>& direction_names();

/// What is at the other end of the links that a fault strikes. Only a switch has links of clients.
enum class OtherEnd { nodes, clients, all };

const EnumNames<OtherEnd>& other_end_names();

/// The links in this direction between the nodes and all others, those among the nodes, and those
/// with the clients, as far as `other_end` says.
std::set<Link> links_of(Direction direction, int node_count, const std::vector<NodeId>& nodes,
                        OtherEnd other_end = OtherEnd::nodes);

}  // namespace sunder::nemesis
