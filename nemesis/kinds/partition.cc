#include "nemesis/kinds/partition.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "nemesis/kinds/link_kind.h"
#include "nemesis/schedule/random.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

/// The refinement that cuts a node off from nodes and clients, as if its cable were pulled.
constexpr std::string_view of_everyone = "everyone";

using Blocks = std::function<bool(NodeId from, NodeId to)>;

std::set<Link> links_where(int node_count, const Blocks& blocks) {
  std::set<Link> links;
  for (NodeId from : all_nodes(node_count)) {
    for (NodeId to : all_nodes(node_count)) {
      if (from != to && blocks(from, to)) links.insert({from, to});
    }
  }
  return links;
}

bool is_among(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

std::vector<NodeId> shuffled(std::vector<NodeId> nodes, std::uint64_t seed) {
  Random random(seed);
  random.shuffle(nodes);
  return nodes;
}

std::set<Link> split(int node_count, const std::vector<NodeId>& side) {
  return links_where(node_count, [&](NodeId from, NodeId to) {
    return is_among(side, from) != is_among(side, to);
  });
}

std::set<Link> bridge(int node_count, NodeId bridge_node, std::uint64_t seed) {
  std::vector<NodeId> rest = all_nodes(node_count);
  std::erase(rest, bridge_node);
  rest = shuffled(rest, seed);
  std::vector<NodeId> side(rest.begin(), rest.begin() + std::ssize(rest) / 2);
  return links_where(node_count, [&](NodeId from, NodeId to) {
    return from != bridge_node && to != bridge_node && is_among(side, from) != is_among(side, to);
  });
}

// On a shuffled ring each node sees its neighbours up to `majority / 2` steps away; with itself,
// that is at least a majority. Three nodes are all neighbours: their ring is opened to a chain,
// whose ends see two nodes each.
std::set<Link> majorities_ring(int node_count, std::uint64_t seed) {
  if (node_count < 3) return {};
  std::vector<NodeId> ring = shuffled(all_nodes(node_count), seed);
  if (node_count == 3) return {{ring[0], ring[2]}, {ring[2], ring[0]}};
  const auto position = [&](NodeId node) {
    return static_cast<int>(std::find(ring.begin(), ring.end(), node) - ring.begin());
  };
  const int reach = (node_count / 2 + 1) / 2;
  return links_where(node_count, [&](NodeId from, NodeId to) {
    int steps = std::abs(position(from) - position(to));
    return std::min(steps, node_count - steps) > reach;
  });
}

bool cannot_receive(std::uint64_t seed) {
  return Random(seed).chance(0.5);
}

std::set<Link> one_way(int node_count, const std::vector<NodeId>& targets, std::uint64_t seed) {
  return links_where(node_count, [&](NodeId from, NodeId to) {
    return cannot_receive(seed) ? is_among(targets, to) && !is_among(targets, from)
                                : is_among(targets, from) && !is_among(targets, to);
  });
}

std::set<Link> node_links(PartitionShape shape, int node_count, const std::vector<NodeId>& targets,
                          std::uint64_t seed) {
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

TargetRule target_of(PartitionShape shape) {
  switch (shape) {
    case PartitionShape::halves:
      return TargetRule::half;
    case PartitionShape::majorities_ring:
      return TargetRule::all;
    case PartitionShape::one:
    case PartitionShape::bridge:
    case PartitionShape::one_way:
      return TargetRule::one;
  }
  return TargetRule::one;
}

bool can_have_clients(PartitionShape shape) {
  return shape != PartitionShape::bridge && shape != PartitionShape::majorities_ring;
}

// On both sides: the target, and whom it is separated from.
std::set<Link> client_links(PartitionShape shape, int node_count,
                            const std::vector<NodeId>& targets, std::uint64_t seed) {
  if (!can_have_clients(shape)) return {};
  Direction direction = Direction::both;
  if (shape == PartitionShape::one_way) {
    direction = cannot_receive(seed) ? Direction::in : Direction::out;
  }
  return links_of(direction, node_count, targets, OtherEnd::clients);
}

// The node that is cut off from the clients, and perhaps from the others too.
Fault draw_with_clients(OtherEnd other_end, Random& random) {
  const TargetRule rule = random.chance(0.5) ? TargetRule::leader : TargetRule::one;
  return {.action = Partition{PartitionShape::one, other_end}, .target = {rule, {}}};
}

class PartitionKind final : public FaultKind {
 public:
  std::string_view name() const override { return "partition"; }
  std::string_view summary() const override { return "block links between nodes"; }
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = partition_shape_names().all();
    names.push_back("leader");
    names.push_back(of_clients);
    names.push_back(of_everyone);
    return names;
  }

  // "leader" is the shape `one` with the leader as its target. It is drawn most often, because a
  // leader without its followers is where stale reads and lost writes come from.
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<std::string_view> shapes{
        "one", "halves", "majorities-ring", "bridge", "leader", "leader", "leader", "one-way"};
    if (refinement == of_clients) return {draw_with_clients(OtherEnd::clients, random)};
    if (refinement == of_everyone) return {draw_with_clients(OtherEnd::all, random)};
    if (refinement.empty()) refinement = random.one_of(shapes);
    if (refinement == "leader") {
      return {{.action = Partition{PartitionShape::one}, .target = {TargetRule::leader, {}}}};
    }
    const PartitionShape shape = *partition_shape_names().find(refinement);
    const bool strikes_leader = shape == PartitionShape::one_way && random.chance(0.5);
    return {{.action = Partition{shape},
             .target = {strikes_leader ? TargetRule::leader : target_of(shape), {}}}};
  }
  Action read(JsonObject& object) const override {
    const Partition partition{object.choice("shape", partition_shape_names()),
                              read_other_end(object)};
    if (partition.other_end != OtherEnd::nodes && !can_have_clients(partition.shape)) {
      object.refuse("other_end", "\"nodes\", because clients cannot be a side of this shape");
    }
    return partition;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    json["shape"] = partition_shape_names().name(action.get<Partition>().shape);
    write_other_end(action.get<Partition>().other_end, json);
  }
  std::string words(const Action& action) const override {
    const auto& partition = action.get<Partition>();
    const std::string shape(partition_shape_names().name(partition.shape));
    const std::string other_end = other_end_words(partition.other_end);
    return other_end.empty() ? shape : shape + " " + other_end;
  }
  bool has_target(const Action& action) const override {
    return action.get<Partition>().shape != PartitionShape::majorities_ring;
  }

  std::set<Link> links(const Fault& fault, int node_count) const override {
    const auto& partition = fault.action.get<Partition>();
    return blocked_links(partition.shape, node_count, fault.target.nodes, fault.pick,
                         partition.other_end);
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    const auto other_end = fault.action.get<Partition>().other_end;
    if (auto refusal = no_clients(other_end, stage.links)) return refusal;
    const auto blocked = links(fault, stage.cluster.node_count());
    if (blocked.empty()) return no_link(stage.cluster.node_count());
    stage.links.block(fault.id, blocked);
    return std::nullopt;
  }
};

}  // namespace

const FaultKind& kind_of(const Partition&) {
  static const PartitionKind kind;
  return kind;
}

std::set<Link> blocked_links(PartitionShape shape, int node_count,
                             const std::vector<NodeId>& targets, std::uint64_t seed,
                             OtherEnd other_end) {
  std::set<Link> links;
  if (other_end != OtherEnd::clients) links = node_links(shape, node_count, targets, seed);
  if (other_end != OtherEnd::nodes) links.merge(client_links(shape, node_count, targets, seed));
  return links;
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
