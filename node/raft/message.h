#pragma once
// What Raft servers say to each other. The envelope carries the sender's current term, also in the
// replies: whoever hears a later one steps down (§5.1).

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
  /// The leader itself asked for this election (thesis §3.10): nobody is to shield it.
  bool leadership_transfer = false;
  bool operator==(const RequestVote&) const = default;
};
struct VoteReply {
  bool granted = false;
  bool operator==(const VoteReply&) const = default;
};

/// "Would you vote for me in the term after mine?" (thesis §9.6). Changes nothing at the receiver.
struct PreVote {
  LogPosition last;
  bool operator==(const PreVote&) const = default;
};
struct PreVoteReply {
  bool granted = false;
  bool operator==(const PreVoteReply&) const = default;
};

/// Also the heartbeat, then without entries.
struct AppendEntries {
  /// The position right before the first entry.
  LogPosition previous;
  std::vector<EntryPtr> entries;
  Index commit_index;
  /// The leader's latest round: who replies with it acknowledged the leader after the round began.
  std::uint64_t round = 0;
};
struct AppendReply {
  bool accepted = false;
  /// Accepted: the last entry known to be the leader's. Refused: the `previous.index` refused.
  Index index;
  /// Refused: where the logs may still agree, at the latest.
  LogPosition hint;
  std::uint64_t round = 0;
  bool operator==(const AppendReply&) const = default;
};

/// One piece of the leader's snapshot, from byte `offset` on.
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
  /// Every byte before this one has arrived; all of them: the snapshot is installed.
  std::uint64_t received_bytes = 0;
  bool installed = false;
  std::uint64_t round = 0;
  bool operator==(const SnapshotReply&) const = default;
};

/// The leader asks the receiver to stand for election at once (thesis §3.10).
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
