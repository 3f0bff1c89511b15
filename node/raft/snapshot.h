#pragma once
// The state machine at a log position, which stands for every entry up to it (§7). The
// configuration in force there belongs to it, or a node that starts from it would not know who
// votes. Never changes once made; shared by the log, the disk and the messages that carry it.

#include <memory>
#include <string>

#include "node/raft/configuration.h"
#include "node/raft/types.h"

namespace sunder::raft {

struct Snapshot {
  LogPosition last;
  Configuration configuration;
  /// Where that configuration stands in the log.
  Index configuration_index;
  std::string data;

  trace::Digest digest() const { return trace::digest_of(0, data); }
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace sunder::raft
