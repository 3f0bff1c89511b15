#include "nemesis/network/direction.h"

namespace sunder::nemesis {

const EnumNames<Direction>& direction_names() {
  static const EnumNames<Direction> names{
      {Direction::out, "out"}, {Direction::in, "in"}, {Direction::both, "both"}};
  return names;
}

std::set<Link> links_of(Direction direction, int node_count, const std::vector<NodeId>& nodes) {
  std::set<Link> links;
  for (NodeId node : nodes) {
    for (NodeId other : all_nodes(node_count)) {
      if (other == node) continue;
      if (direction != Direction::in) links.insert({node, other});
      if (direction != Direction::out) links.insert({other, node});
    }
  }
  return links;
}

}  // namespace sunder::nemesis
