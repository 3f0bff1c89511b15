#pragma once
// What the disk remembered of a server when it starts again.

#include <vector>

#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder::raft {

struct Restored {
  HardState hard_state;
  SnapshotPtr snapshot;
  /// Behind the snapshot, without a gap.
  std::vector<EntryPtr> entries;
};

}  // namespace sunder::raft
