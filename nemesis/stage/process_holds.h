#pragma once
// Which faults hold which processes down or paused. A process starts again when no fault holds it
// down any more, and resumes when no fault holds it paused. Killing a paused process ends its
// pause: the process that is started later was never stopped.

#include <map>
#include <set>

#include "nemesis/cluster_control.h"

namespace sunder::nemesis {

class ProcessHolds {
 public:
  explicit ProcessHolds(ClusterControl& cluster) : cluster_(cluster) {}

  /// False if the node was down already; the fault keeps it down all the same.
  bool kill(int fault_id, NodeId node);

  /// False if the node is down (then this does nothing) or was paused already (then it stays paused
  /// until this fault is released too).
  bool pause(int fault_id, NodeId node);

  /// Starts and resumes every node that no other fault holds. Throws what ClusterControl::start
  /// throws.
  void release(int fault_id);

  /// The same for one node.
  void release(int fault_id, NodeId node);

  /// The node's process exited by itself because of the fault: the fault holds it down.
  void ended(int fault_id, NodeId node);

  bool is_down(NodeId node) const;

 private:
  ClusterControl& cluster_;
  // Node -> the faults that hold it. A node that no fault holds is not in the map.
  std::map<NodeId, std::set<int>> down_;
  std::map<NodeId, std::set<int>> paused_;
};

}  // namespace sunder::nemesis
