#pragma once
// The durable state of a server, as read from the disk at its start.

#include <vector>

#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder::raft {

struct Restored {
  HardState hard_state;
  SnapshotPtr snapshot;
  /// Those that follow the snapshot, without a gap.
  std::vector<EntryPtr> entries;
};

}  // namespace sunder::raft
