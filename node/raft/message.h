#pragma once
// The messages between Raft servers. Each carries the sender's current term, replies too: a server
// that receives a later term steps down (§5.1).

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "node/raft/configuration.h"
#include "node/raft/types.h"

namespace sunder::raft {

struct RequestVote {
  /// The end of the candidate's log.
  LogPosition last;
  /// The leader asked for this election (thesis 3.10), so voters do not ignore it for the leader's
  /// sake.
  bool leadership_transfer = false;
  bool operator==(const RequestVote&) const = default;
};
struct VoteReply {
  bool granted = false;
  bool operator==(const VoteReply&) const = default;
};

/// Asks whether the receiver would vote for the sender in the term after the sender's (thesis 9.6).
/// Changes no state of the receiver.
struct PreVote {
  LogPosition last;
  bool operator==(const PreVote&) const = default;
};
struct PreVoteReply {
  bool granted = false;
  bool operator==(const PreVoteReply&) const = default;
};

/// Without entries: a heartbeat.
struct AppendEntries {
  /// The position right before the first entry.
  LogPosition previous;
  std::vector<EntryPtr> entries;
  Index commit_index;
  /// The leader's latest round. A reply with this number proves that the follower accepted the
  /// leader after the round began.
  std::uint64_t round = 0;
};
struct AppendReply {
  bool accepted = false;
  /// If accepted, the last entry that is known to be the leader's; if refused, the request's
  /// `previous.index`.
  Index index;
  /// If refused, the last position at which the logs can agree.
  LogPosition hint;
  std::uint64_t round = 0;
  bool operator==(const AppendReply&) const = default;
};

/// One piece of the leader's snapshot, starting at byte `offset`.
struct InstallSnapshot {
  LogPosition last;
  Configuration configuration;
  Index configuration_index;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  std::string piece;
  std::uint64_t round = 0;
};
struct SnapshotReply {
  LogPosition last;
  /// The bytes received without a gap.
  std::uint64_t received_bytes = 0;
  bool installed = false;
  std::uint64_t round = 0;
  bool operator==(const SnapshotReply&) const = default;
};

/// Asks the receiver to start an election at once (thesis 3.10).
struct TimeoutNow {
  bool operator==(const TimeoutNow&) const = default;
};

using Body = std::variant<RequestVote, VoteReply, PreVote, PreVoteReply, AppendEntries, AppendReply,
                          InstallSnapshot, SnapshotReply, TimeoutNow>;

struct Message {
  NodeId from;
  NodeId to;
  Term term;
  Body body;
};

}  // namespace sunder::raft
