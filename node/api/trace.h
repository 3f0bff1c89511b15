#pragma once
// A node's trace: events as JSON lines, written before the messages of the same step leave the
// node. The checker rebuilds every node's log from these lines alone, so each change of a log is in
// the trace: `started` has the whole log, `appended` and `truncated` change it,
// `snapshot_installed` replaces its beginning. A killed node's trace is complete up to its last
// line. A restarted node continues with `started`.

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

/// A node has started. Its log is `entries`, after the snapshot's last entry (`edge`, `edge_term`;
/// 0 and 0 without a snapshot). `voted_for` is absent if it has not voted in this term.
struct Started {
  std::optional<NodeId> voted_for;
  Index edge;
  Term edge_term;
  std::vector<EntryDigest> entries;
  bool operator==(const Started&) const = default;
};
struct BecameFollower {
  /// Absent if the leader of the term is not known.
  std::optional<NodeId> leader;
  bool operator==(const BecameFollower&) const = default;
};
struct BecameCandidate {
  /// The leader asked for this election, so the node did not wait for its timeout.
  bool leadership_transfer = false;
  bool operator==(const BecameCandidate&) const = default;
};
/// `last` is the end of its log at the election, before its no-op.
struct BecameLeader {
  Index last;
  bool operator==(const BecameLeader&) const = default;
};
/// Recorded when the vote is durable, before it leaves. Includes a candidate's vote for itself.
struct VoteGranted {
  NodeId candidate;
  bool operator==(const VoteGranted&) const = default;
};
/// `entries` begin at index `first`. `previous_term` is the term of the entry before `first`.
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
/// A snapshot up to `last` was taken, and the log up to it may be removed.
struct SnapshotTaken {
  Index last;
  Term last_term;
  Digest digest = 0;
  bool operator==(const SnapshotTaken&) const = default;
};
/// A snapshot up to `last` replaced the state machine. `kept_suffix`: whether the log after `last`
/// was kept.
struct SnapshotInstalled {
  Index last;
  Term last_term;
  Digest digest = 0;
  bool kept_suffix = false;
  bool operator==(const SnapshotInstalled&) const = default;
};
/// The digest of the whole state, values and sessions, when the entry at `index` was the last one
/// applied. Equal states have equal digests, whether a node applied the log or took over a
/// snapshot. Recorded at each multiple of `state_interval`, when a snapshot is taken or installed,
/// and behind `started` for the state that the node begins with.
struct State {
  Index index;
  Digest digest = 0;
  bool operator==(const State&) const = default;
};
constexpr std::uint64_t state_interval = 64;
/// The configuration in force from index `index` on. `outgoing` are the previous voters of a joint
/// configuration, else empty.
struct Configuration {
  Index index;
  std::vector<NodeId> voters;
  std::vector<NodeId> outgoing;
  std::vector<NodeId> learners;
  bool operator==(const Configuration&) const = default;
};
/// Lower bound of the election timeout by the machine's clock. Absent while the node's clock is
/// altered.
struct ElectionTimeout {
  std::optional<std::chrono::nanoseconds> least;
  bool operator==(const ElectionTimeout&) const = default;
};
/// A mutant was reached: its wrong result differed from the right one.
struct MutantReached {
  std::string mutant;
  bool operator==(const MutantReached&) const = default;
};

// Records of a witness, never of the node itself.

/// Seen by the proxy: the node sent entries from index `first` on, maybe none, as leader of the
/// record's term.
struct Sent {
  Index first;
  Term previous_term;
  std::vector<EntryDigest> entries;
  bool operator==(const Sent&) const = default;
};

/// Seen by the proxy: the node acknowledged the leader's log up to `last` to the leader of the
/// record's term.
struct Acknowledged {
  Index last;
  bool operator==(const Acknowledged&) const = default;
};

/// The contents of a node's folder after the node has ended. The fields are those of Started; the
/// record's term is the stored term.
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

using Event = std::variant<Started, BecameFollower, BecameCandidate, BecameLeader, VoteGranted,
                           Appended, Truncated, Committed, Applied, SnapshotTaken,
                           SnapshotInstalled, State, Configuration, ElectionTimeout, MutantReached,
                           Sent, Acknowledged, OnDisk, DiskDamaged>;

/// One line of a trace.
struct Record {
  /// Time since the start of the run, on the monotonic clock.
  std::chrono::nanoseconds time{0};
  NodeId node;
  /// The node's current term after the event.
  Term term;
  Event event;
  bool operator==(const Record&) const = default;
};

/// The `event` field of the line: "became_leader", "appended", ...
std::string_view name_of(const Event& event);

/// Whether the event is recorded by a witness, not by the node.
bool is_of_a_witness(const Event& event);

/// The names of all events that a node can record.
std::span<const std::string_view> node_vocabulary();

/// The line, without a newline: {"time":1,"node":2,"term":3,"event":"truncated","first":7}
std::string to_json_line(const Record& record);

/// Up to 16 hexadecimal digits. Throws std::invalid_argument for any other text.
Digest parse_digest(std::string_view text);

/// Throws std::invalid_argument that says what is wrong with the line, without its number.
Record parse_json_line(std::string_view line);

}  // namespace sunder::trace
