#pragma once
// Which nodes a fault strikes: a rule ("the leader", "a minority") until the moment of injection,
// node numbers after it. The seed decides among equal nodes: the same state of the cluster and the
// same seed give the same nodes.

#include <cstdint>
#include <optional>
#include <vector>

#include "nemesis/link.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class TargetRule {
  one,              ///< Any one node.
  leader,           ///< The current leader.
  follower,         ///< Any one node that is not the leader.
  minority,         ///< The largest minority.
  leader_minority,  ///< The largest minority that has the leader in it.
  majority,         ///< The smallest majority.
  half,             ///< Half of the nodes, rounded down.
  all,
  candidate,    ///< The node that is a candidate, if one is.
  most_behind,  ///< The node with the shortest log.
  most_ahead,   ///< The node with the longest log.
  event_node,   ///< The node of the event that triggered the fault.
  event_peer,   ///< The receiver of the message that triggered the fault.
  surplus,      ///< All nodes but three.
  nodes,        ///< Those in `Target::nodes`.
};

struct Target {
  TargetRule rule = TargetRule::one;
  /// In ascending order, each once; only with TargetRule::nodes.
  std::vector<NodeId> nodes;
  bool operator==(const Target&) const = default;
};

/// What is known of the cluster when a target is resolved.
struct ClusterView {
  int node_count = 0;
  std::optional<NodeId> leader = {};
  std::optional<NodeId> candidate = {};
  std::optional<NodeId> most_behind = {};
  std::optional<NodeId> most_ahead = {};
  std::optional<NodeId> event_node = {};
  std::optional<NodeId> event_peer = {};
};

/// Whether the rule needs an event: only a fault with a trigger has one.
bool needs_event(TargetRule rule);

/// The nodes in ascending order. Empty if the rule needs something that the view does not have, or
/// if no node fits. A minority and a half have at least one node.
std::vector<NodeId> resolve(const Target& target, const ClusterView& view, std::uint64_t seed);

/// Every rule that may be written by name in a schedule: all but `nodes`.
const EnumNames<TargetRule>& target_rule_names();

}  // namespace sunder::nemesis
