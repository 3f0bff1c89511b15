#pragma once
// The work that a step of the core requires, in the order in which the shell must do it:
//   1. write `events` to the trace
//   2. make `hard_state` durable
//   3. send `replication`: a leader may send entries before its own disk has them (thesis 10.2.1)
//   4. make `snapshot` and `entries` durable
//   5. send `messages`: votes and acknowledgements, which promise what 2 and 4 made durable
//   6. apply `snapshot` and then `committed` to the state machine, then answer `reads`
//   7. call Raft::persisted()
// Surprise: 2 comes before 3. A leader's entries imply its own vote; if they were sent first and
// the leader crashed, it could vote for another candidate of the term and there would be two
// leaders.

#include <optional>
#include <utility>
#include <vector>

#include "node/api/trace.h"
#include "node/raft/message.h"
#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder::raft {

/// A read's number, chosen by the caller.
using ReadId = std::uint64_t;

struct Output {
  /// Each with the term in which it happened.
  std::vector<std::pair<Term, trace::Event>> events;
  std::optional<HardState> hard_state;
  std::vector<Message> replication;
  /// A snapshot of the leader. It replaces the state machine and the log up to the snapshot's last
  /// entry; if `keeps_stored_suffix` is false, everything that the disk holds of the log. `entries`
  /// has what memory kept and the disk did not.
  SnapshotPtr snapshot;
  bool keeps_stored_suffix = false;
  /// They replace the log from the first one's index on.
  std::vector<EntryPtr> entries;
  std::vector<Message> messages;
  std::vector<EntryPtr> committed;
  std::vector<ReadId> reads;
  /// Reads that were waiting when leadership was lost. They fail definitely.
  std::vector<ReadId> refused_reads;
  /// The outcome of proposals that are not committed yet is unknown.
  bool lost_leadership = false;
};

bool is_empty(const Output& output);

}  // namespace sunder::raft
