#include "nemesis/network/direction.h"

namespace sunder::nemesis {

const EnumNames<Direction>& direction_names() {
  static const EnumNames<Direction> names{
      {Direction::out, "out"}, {Direction::in, "in"}, {Direction::both, "both"}};
  return names;
}

const EnumNames<OtherEnd>& other_end_names() {
  static const EnumNames<OtherEnd> names{
      {OtherEnd::nodes, "nodes"}, {OtherEnd::clients, "clients"}, {OtherEnd::all, "all"}};
  return names;
}

std::set<Link> links_of(Direction direction, int node_count, const std::vector<NodeId>& nodes,
                        OtherEnd other_end) {
  std::vector<NodeId> others;
  if (other_end != OtherEnd::clients) others = all_nodes(node_count);
  if (other_end != OtherEnd::nodes) others.push_back(all_clients);
  std::set<Link> links;
  for (NodeId node : nodes) {
    for (NodeId other : others) {
      if (other == node) continue;
      if (direction != Direction::in) links.insert({node, other});
      if (direction != Direction::out) links.insert({other, node});
    }
  }
  return links;
}

}  // namespace sunder::nemesis
