#pragma once
// Whom a fault strikes: a rule ("the leader", "a minority") until the moment of injection, node
// numbers from then on. Choices among equals are made from a seed, so the same cluster state and
// the same seed give the same nodes.

#include <cstdint>
#include <optional>
#include <vector>

#include "nemesis/node_number.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class TargetRule {
  one,              ///< Any one node.
  leader,           ///< The current leader.
  follower,         ///< Any one node that is not the leader.
  minority,         ///< As many nodes as a majority can do without.
  leader_minority,  ///< The leader among as many.
  majority,         ///< The smallest majority.
  half,             ///< Half of the nodes, rounded down.
  all,
  candidate,    ///< The node that stands for election, if one does.
  most_behind,  ///< The node with the shortest log.
  most_ahead,   ///< The node with the longest log.
  event_node,   ///< The node of the event that triggered the fault.
  event_peer,   ///< To whom the message goes that triggered the fault.
  surplus,      ///< All nodes but three.
  nodes,        ///< Those in `Target::nodes`.
};

struct Target {
  TargetRule rule = TargetRule::one;
  /// In ascending order, each once; only with TargetRule::nodes.
  std::vector<NodeNumber> nodes;
  bool operator==(const Target&) const = default;
};

/// What is known of the cluster when a target is resolved.
struct ClusterView {
  int node_count = 0;
  std::optional<NodeNumber> leader = {};
  std::optional<NodeNumber> candidate = {};
  std::optional<NodeNumber> most_behind = {};
  std::optional<NodeNumber> most_ahead = {};
  std::optional<NodeNumber> event_node = {};
  std::optional<NodeNumber> event_peer = {};
};

/// Whether the rule needs an event: only a fault with a trigger has one.
bool needs_event(TargetRule rule);

/// The nodes in ascending order; empty if the rule needs something the view does not know, or if
/// no node fits. A minority and a half have at least one node.
std::vector<NodeNumber> resolve(const Target& target, const ClusterView& view, std::uint64_t seed);

/// Every rule that may be written by name in a schedule: all but `nodes`.
const EnumNames<TargetRule>& target_rule_names();

}  // namespace sunder::nemesis
