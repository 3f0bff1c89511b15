#pragma once
// What a node says happened inside it, one JSON object a line, written before the messages of the
// same step leave the node. The checker rebuilds every node's log from these lines alone, so each
// change of a log is in the trace: `started` gives it whole, `appended` and `truncated` change it,
// `snapshot_installed` replaces its head.
// A killed node's last lines are complete as far as they go; its next incarnation begins with
// `started`.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "node/api/types.h"

namespace sunder::trace {

/// A hash of an entry's type and data: equal entries have equal digests.
using Digest = std::uint64_t;

/// FNV-1a with a final mix: good enough to tell entries apart, the same on every machine. The seed
/// is an entry's type, or 0 for a snapshot.
Digest digest_of(std::uint8_t seed, std::string_view data);

struct EntryDigest {
  Term term;
  Digest digest = 0;
  bool operator==(const EntryDigest&) const = default;
};

/// A node has recovered: the log it holds is `entries`, behind the snapshot's edge (`edge`,
/// `edge_term`; 0 and 0 without a snapshot). `voted_for` is absent if it has not voted in this
/// term.
struct Started {
  std::optional<NodeId> voted_for;
  Index edge;
  Term edge_term;
  std::vector<EntryDigest> entries;
  bool operator==(const Started&) const = default;
};
struct BecameFollower {
  /// Absent while the leader of the term is not known.
  std::optional<NodeId> leader;
  bool operator==(const BecameFollower&) const = default;
};
struct BecameCandidate {
  /// Its leader told it to, without waiting.
  bool leadership_transfer = false;
  bool operator==(const BecameCandidate&) const = default;
};
/// `last` is the end of its log at the moment of election, before its no-op.
struct BecameLeader {
  Index last;
  bool operator==(const BecameLeader&) const = default;
};
/// Said when the vote is durable, before it leaves; also of the vote a candidate gives itself.
struct VoteGranted {
  NodeId candidate;
  bool operator==(const VoteGranted&) const = default;
};
/// `entries` stand from `first` on; `previous_term` is the term of the entry before `first`.
struct Appended {
  Index first;
  Term previous_term;
  std::vector<EntryDigest> entries;
  bool operator==(const Appended&) const = default;
};
/// Every entry from `first` on was removed.
struct Truncated {
  Index first;
  bool operator==(const Truncated&) const = default;
};
/// The commit index is now `last`.
struct Committed {
  Index last;
  bool operator==(const Committed&) const = default;
};
/// The entries from `first` on were applied to the state machine, in this order.
struct Applied {
  Index first;
  std::vector<EntryDigest> entries;
  bool operator==(const Applied&) const = default;
};
/// A snapshot up to `last` was taken and the log before it may be forgotten.
struct SnapshotTaken {
  Index last;
  Term last_term;
  Digest digest = 0;
  bool operator==(const SnapshotTaken&) const = default;
};
/// The state machine was replaced by a snapshot up to `last`. `kept_suffix` says whether the log
/// behind `last` was kept.
struct SnapshotInstalled {
  Index last;
  Term last_term;
  Digest digest = 0;
  bool kept_suffix = false;
  bool operator==(const SnapshotInstalled&) const = default;
};
/// The configuration in force, from the log position `index` on. `outgoing` is the old set of
/// voters while a joint configuration is in force, else empty.
struct Configuration {
  Index index;
  std::vector<NodeId> voters;
  std::vector<NodeId> outgoing;
  std::vector<NodeId> learners;
  bool operator==(const Configuration&) const = default;
};
/// From now on it waits at least so long, by the machine's clock, for a leader or for whom it voted
/// for before it stands itself. Absent while its clock is not the machine's.
struct ElectionTimeout {
  std::optional<std::chrono::nanoseconds> least;
  bool operator==(const ElectionTimeout&) const = default;
};
/// A mutant's mistake was made: its wrong answer differed from the right one, here and now.
struct MutantReached {
  std::string mutant;
  bool operator==(const MutantReached&) const = default;
};

// What follows is said by a witness, never by the node itself.

/// As seen on the network: it sent, as the leader of `term`, entries
/// that stand from `first` on, maybe none.
struct Sent {
  Index first;
  Term previous_term;
  std::vector<EntryDigest> entries;
  bool operator==(const Sent&) const = default;
};

/// As seen on the network: it told the leader of `term` that it holds the log up to `last` as the
/// leader has it.
struct Acknowledged {
  Index last;
  bool operator==(const Acknowledged&) const = default;
};

/// What a node's folder holds when the node is gone, as a reader of the files finds it: as in
/// Started, in the term that is stored there.
struct OnDisk {
  std::optional<NodeId> voted_for;
  Index edge;
  Term edge_term;
  std::vector<EntryDigest> entries;
  bool operator==(const OnDisk&) const = default;
};
/// A node's folder cannot be read.
struct DiskDamaged {
  std::string how;
  bool operator==(const DiskDamaged&) const = default;
};

using Event =
    std::variant<Started, BecameFollower, BecameCandidate, BecameLeader, VoteGranted, Appended,
                 Truncated, Committed, Applied, SnapshotTaken, SnapshotInstalled, Configuration,
                 ElectionTimeout, MutantReached, Sent, Acknowledged, OnDisk, DiskDamaged>;

/// One line of a trace.
struct Record {
  /// Since the start of the run, on the monotonic clock.
  std::chrono::nanoseconds time{0};
  NodeId node;
  /// The node's current term after the event.
  Term term;
  Event event;
  bool operator==(const Record&) const = default;
};

/// The `event` field of the line: "became_leader", "appended", ...
std::string_view name_of(const Event& event);

/// Whether the event is said by a witness, not by the node.
bool is_of_a_witness(const Event& event);

/// The names of all events that a node can say.
std::span<const std::string_view> node_vocabulary();

/// The line, without a newline: {"time":1,"node":2,"term":3,"event":"truncated","first":7}
std::string to_json_line(const Record& record);

/// Throws std::invalid_argument saying what is wrong with the line (not which line it is).
Record parse_json_line(std::string_view line);

}  // namespace sunder::trace
