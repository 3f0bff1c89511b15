#pragma once
// What a step of the core asks for, in the order in which the shell must do it:
//   1. write `events` to the trace
//   2. make `hard_state` durable
//   3. send `replication`: a leader may send entries it has not yet written itself (thesis §10.2.1)
//   4. make `snapshot` and `entries` durable
//   5. send `messages`: they promise what 2 and 4 made durable
//   6. hand `snapshot` and then `committed` to the state machine, then answer `reads`
//   7. call Raft::persisted()
// The one surprise: 2 comes before 3, since a new term's messages must not outlive its vote.

#include <optional>
#include <utility>
#include <vector>

#include "node/api/trace.h"
#include "node/raft/message.h"
#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder::raft {

/// The caller's name for a read.
using ReadId = std::uint64_t;

struct Output {
  /// With the term they happened in.
  std::vector<std::pair<Term, trace::Event>> events;
  std::optional<HardState> hard_state;
  std::vector<Message> replication;
  /// Received from the leader: replaces the state machine, and the log up to its edge or, if the
  /// suffix was not kept, all of it.
  SnapshotPtr snapshot;
  bool kept_suffix = false;
  /// The first one and all behind it are replaced by these.
  std::vector<EntryPtr> entries;
  std::vector<Message> messages;
  std::vector<EntryPtr> committed;
  std::vector<ReadId> reads;
  /// Reads that were waiting when leadership was lost: certainly not answered.
  std::vector<ReadId> refused_reads;
  /// Proposals that are not committed yet may still be, or never.
  bool lost_leadership = false;
};

bool is_empty(const Output& output);

}  // namespace sunder::raft
