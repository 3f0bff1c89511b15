#pragma once
// What the nemesis observes of the nodes: one line of a node's trace, reduced to what triggers and
// targets need, or a message on the wire (network/sent_frame.h). A system without traces or frames
// gives no observations: a fault that waits for one is skipped, and the history records the skip.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

#include "nemesis/link.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

/// Named as in the traces. The last ones are seen on the wire, before the proxy forwards the
/// message.
enum class NodeEvent {
  started,
  became_follower,
  became_candidate,
  became_leader,
  vote_granted,  ///< To another node; a candidate's vote for itself does not count.
  appended,
  truncated,
  committed,
  applied,
  snapshot_taken,
  snapshot_installed,
  configuration,
  entries_sent,   ///< By a leader. A heartbeat does not count.
  snapshot_sent,  ///< By a leader: one piece of a snapshot.
  answer_sent,    ///< To a leader's append_entries.
};

const EnumNames<NodeEvent>& node_event_names();

struct Observation {
  NodeId node;
  std::uint64_t term = 0;
  NodeEvent event = NodeEvent::started;
  /// The last index of the log. Only of started, appended, truncated, snapshot_installed.
  std::optional<std::uint64_t> log_end = {};
  /// The node's commit index. Only of started, committed, snapshot_installed.
  std::optional<std::uint64_t> commit_index = {};
  /// The receiver of the message.
  std::optional<NodeId> peer = {};
  /// Since the start of the run.
  std::chrono::nanoseconds time{0};
};

/// What is known of the nodes from their latest observations.
class NodeStates {
 public:
  void observe(const Observation& observation);

  /// The node that became a candidate last, if it still is one.
  std::optional<NodeId> candidate() const;
  /// The node with the shortest log, and the one with the longest; the lowest number among equals.
  std::optional<NodeId> most_behind() const;
  std::optional<NodeId> most_ahead() const;

 private:
  std::optional<NodeId> candidate_;
  std::map<NodeId, std::uint64_t> log_ends_;
};

}  // namespace sunder::nemesis
