#pragma once
// The state machine at a log position, in place of all entries up to it (§7). It includes the
// configuration in force there: the entries that held it are gone, and a node that starts from the
// snapshot needs the voters. Immutable; shared by the log, the disk and messages.

#include <memory>
#include <string>

#include "node/raft/configuration.h"
#include "node/raft/types.h"

namespace sunder::raft {

struct Snapshot {
  LogPosition last;
  Configuration configuration;
  /// The log index of that configuration.
  Index configuration_index;
  std::string data;

  trace::Digest digest() const { return trace::digest_of(0, data); }
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace sunder::raft
