#include "nemesis/kinds/partition.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "nemesis/schedule/random.h"

namespace sunder::nemesis {
namespace {

using Blocks = std::function<bool(NodeNumber from, NodeNumber to)>;

std::set<Link> links_where(int node_count, const Blocks& blocks) {
  std::set<Link> links;
  for (NodeNumber from : all_nodes(node_count)) {
    for (NodeNumber to : all_nodes(node_count)) {
      if (from != to && blocks(from, to)) links.insert({from, to});
    }
  }
  return links;
}

bool holds(const std::vector<NodeNumber>& nodes, NodeNumber node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

std::vector<NodeNumber> shuffled(std::vector<NodeNumber> nodes, std::uint64_t seed) {
  Random random(seed);
  random.shuffle(nodes);
  return nodes;
}

std::set<Link> split(int node_count, const std::vector<NodeNumber>& side) {
  return links_where(node_count, [&](NodeNumber from, NodeNumber to) {
    return holds(side, from) != holds(side, to);
  });
}

std::set<Link> bridge(int node_count, NodeNumber bridge_node, std::uint64_t seed) {
  std::vector<NodeNumber> rest = all_nodes(node_count);
  std::erase(rest, bridge_node);
  rest = shuffled(rest, seed);
  std::vector<NodeNumber> side(rest.begin(), rest.begin() + std::ssize(rest) / 2);
  return links_where(node_count, [&](NodeNumber from, NodeNumber to) {
    return from != bridge_node && to != bridge_node && holds(side, from) != holds(side, to);
  });
}

// On a shuffled ring each node sees its neighbours up to `majority / 2` steps away, itself
// included at least a majority. Three nodes are all neighbours: there the ring opens to a chain,
// in which the ends see two nodes each.
std::set<Link> majorities_ring(int node_count, std::uint64_t seed) {
  if (node_count < 3) return {};
  std::vector<NodeNumber> ring = shuffled(all_nodes(node_count), seed);
  if (node_count == 3) return {{ring[0], ring[2]}, {ring[2], ring[0]}};
  const auto position = [&](NodeNumber node) {
    return static_cast<int>(std::find(ring.begin(), ring.end(), node) - ring.begin());
  };
  const int reach = (node_count / 2 + 1) / 2;
  return links_where(node_count, [&](NodeNumber from, NodeNumber to) {
    int steps = std::abs(position(from) - position(to));
    return std::min(steps, node_count - steps) > reach;
  });
}

std::set<Link> one_way(int node_count, const std::vector<NodeNumber>& targets, std::uint64_t seed) {
  const bool deaf = Random(seed).chance(0.5);
  return links_where(node_count, [&](NodeNumber from, NodeNumber to) {
    return deaf ? holds(targets, to) && !holds(targets, from)
                : holds(targets, from) && !holds(targets, to);
  });
}

}  // namespace

std::set<Link> blocked_links(PartitionShape shape, int node_count,
                             const std::vector<NodeNumber>& targets, std::uint64_t seed) {
  switch (shape) {
    case PartitionShape::one:
    case PartitionShape::halves:
      return split(node_count, targets);
    case PartitionShape::majorities_ring:
      return majorities_ring(node_count, seed);
    case PartitionShape::bridge:
      return targets.empty() ? std::set<Link>{} : bridge(node_count, targets.front(), seed);
    case PartitionShape::one_way:
      return one_way(node_count, targets, seed);
  }
  return {};
}

const EnumNames<PartitionShape>& partition_shape_names() {
  static const EnumNames<PartitionShape> names{{PartitionShape::one, "one"},
                                               {PartitionShape::halves, "halves"},
                                               {PartitionShape::majorities_ring, "majorities-ring"},
                                               {PartitionShape::bridge, "bridge"},
                                               {PartitionShape::one_way, "one-way"}};
  return names;
}

}  // namespace sunder::nemesis
