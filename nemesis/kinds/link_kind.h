#pragma once
// What kinds of faults that strike links have in common.

#include <string_view>

#include "nemesis/network/direction.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

/// One node, the leader, or all nodes.
Target draw_link_target(Random& random);

/// The direction named by the refinement; any for "".
Direction draw_direction(std::string_view refinement, Random& random);

/// For a fault that affects no link of so few nodes.
Refusal no_link(int node_count);

}  // namespace sunder::nemesis
