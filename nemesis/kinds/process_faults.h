#pragma once
// Kills and pauses of nodes, counted by fault: a node is started again only when no fault wants it
// down, and continues only when no fault wants it paused. Killing a paused node ends its pause: the
// process that comes back was never stopped.

#include <map>
#include <set>

#include "nemesis/cluster_control.h"

namespace sunder::nemesis {

class ProcessFaults {
 public:
  explicit ProcessFaults(ClusterControl& cluster) : cluster_(cluster) {}

  /// False if the node was down already; the fault keeps it down all the same.
  bool kill(int fault_id, NodeNumber node);

  /// False if the node is down (then nothing is done) or was paused already (then it stays paused
  /// until this fault is released too).
  bool pause(int fault_id, NodeNumber node);

  /// Starts and resumes every node that no other fault holds. Throws what ClusterControl::start
  /// throws.
  void release(int fault_id);

  /// The same for one node.
  void release(int fault_id, NodeNumber node);

  /// The node has ended by itself, which the fault explains: the fault keeps it down.
  void ended(int fault_id, NodeNumber node);

  bool is_down(NodeNumber node) const;

 private:
  ClusterControl& cluster_;
  // Node -> the faults that hold it. A node that nothing holds is not in the map.
  std::map<NodeNumber, std::set<int>> down_;
  std::map<NodeNumber, std::set<int>> paused_;
};

}  // namespace sunder::nemesis
