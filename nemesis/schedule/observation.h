#pragma once
// What the nemesis is told of the nodes: one line of a node's trace, reduced to what triggers and
// targets need, or a message seen on the wire. A system without traces or frames gives none; then
// faults that wait for such an event are skipped, which the history says.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

#include "nemesis/network/sent_frame.h"
#include "nemesis/node_number.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

/// Named as in the traces. The last ones are seen on the wire, before the message goes on.
enum class NodeEvent {
  started,
  became_follower,
  became_candidate,
  became_leader,
  vote_granted,  ///< To another node: a candidate's vote for itself is none of these.
  appended,
  truncated,
  committed,
  applied,
  snapshot_taken,
  snapshot_installed,
  configuration,
  entries_sent,   ///< By a leader, not only a heartbeat.
  snapshot_sent,  ///< By a leader: a piece of it.
  answer_sent,    ///< To a leader that replicates or asks whether it still leads.
};

const EnumNames<NodeEvent>& node_event_names();

struct Observation {
  NodeNumber node = 0;
  std::uint64_t term = 0;
  NodeEvent event = NodeEvent::started;
  /// Where the log ends now, if the event says so: started, appended, truncated,
  /// snapshot_installed.
  std::optional<std::uint64_t> log_end = {};
  /// How far the node now knows the log to be committed, if the event says so: started, committed,
  /// snapshot_installed.
  std::optional<std::uint64_t> commit_index = {};
  /// To whom the message goes.
  std::optional<NodeNumber> peer = {};
  /// Since the start of the run.
  std::chrono::nanoseconds time{0};
};

/// Empty for messages that are none of the events.
std::optional<Observation> observe(const SentFrame& sent, std::chrono::nanoseconds time);

/// The nodes as they described themselves last.
class NodeStates {
 public:
  void observe(const Observation& observation);

  /// The one that became candidate last, if it still is.
  std::optional<NodeNumber> candidate() const;
  /// The node with the shortest log, and the one with the longest; the lowest number among equals.
  std::optional<NodeNumber> most_behind() const;
  std::optional<NodeNumber> most_ahead() const;

 private:
  std::optional<NodeNumber> candidate_;
  std::map<NodeNumber, std::uint64_t> log_ends_;
};

}  // namespace sunder::nemesis
