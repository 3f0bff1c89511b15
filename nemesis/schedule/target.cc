#include "nemesis/schedule/target.h"

#include <algorithm>

#include "nemesis/schedule/random.h"

namespace sunder::nemesis {
namespace {

std::vector<NodeId> draw(std::vector<NodeId> from, int count, std::uint64_t seed) {
  Random random(seed);
  random.shuffle(from);
  from.resize(std::min(from.size(), static_cast<std::size_t>(std::max(count, 0))));
  std::sort(from.begin(), from.end());
  return from;
}

int minority_of(int node_count) {
  return std::max(1, (node_count - 1) / 2);
}

std::vector<NodeId> known(std::optional<NodeId> node) {
  if (!node) return {};
  return {*node};
}

}  // namespace

bool needs_event(TargetRule rule) {
  return rule == TargetRule::event_node || rule == TargetRule::event_peer;
}

std::vector<NodeId> resolve(const Target& target, const ClusterView& view, std::uint64_t seed) {
  std::vector<NodeId> nodes = all_nodes(view.node_count);
  switch (target.rule) {
    case TargetRule::one:
      return draw(nodes, 1, seed);
    case TargetRule::leader:
      return known(view.leader);
    case TargetRule::candidate:
      return known(view.candidate);
    case TargetRule::most_behind:
      return known(view.most_behind);
    case TargetRule::most_ahead:
      return known(view.most_ahead);
    case TargetRule::event_node:
      return known(view.event_node);
    case TargetRule::event_peer:
      return known(view.event_peer);
    case TargetRule::surplus:
      return draw(nodes, view.node_count - 3, seed);
    case TargetRule::follower:
      if (!view.leader) return {};
      std::erase(nodes, *view.leader);
      return draw(nodes, 1, seed);
    case TargetRule::minority:
      return draw(nodes, minority_of(view.node_count), seed);
    case TargetRule::leader_minority:
      if (!view.leader) return {};
      std::erase(nodes, *view.leader);
      nodes = draw(nodes, minority_of(view.node_count) - 1, seed);
      nodes.insert(std::upper_bound(nodes.begin(), nodes.end(), *view.leader), *view.leader);
      return nodes;
    case TargetRule::majority:
      return draw(nodes, view.node_count / 2 + 1, seed);
    case TargetRule::half:
      return draw(nodes, std::max(1, view.node_count / 2), seed);
    case TargetRule::all:
      return nodes;
    case TargetRule::nodes:
      return target.nodes;
  }
  return {};
}

const EnumNames<TargetRule>& target_rule_names() {
  static const EnumNames<TargetRule> names{{TargetRule::one, "one"},
                                           {TargetRule::leader, "leader"},
                                           {TargetRule::follower, "follower"},
                                           {TargetRule::minority, "minority"},
                                           {TargetRule::leader_minority, "leader-minority"},
                                           {TargetRule::majority, "majority"},
                                           {TargetRule::half, "half"},
                                           {TargetRule::all, "all"},
                                           {TargetRule::candidate, "candidate"},
                                           {TargetRule::most_behind, "most-behind"},
                                           {TargetRule::most_ahead, "most-ahead"},
                                           {TargetRule::event_node, "event-node"},
                                           {TargetRule::event_peer, "event-peer"},
                                           {TargetRule::surplus, "surplus"}};
  return names;
}

}  // namespace sunder::nemesis
