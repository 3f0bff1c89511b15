#pragma once
// A snapshot as bytes with a checksum.

#include <string>
#include <string_view>

#include "node/raft/snapshot.h"

namespace sunder {

std::string encode(const raft::Snapshot& snapshot);
/// Throws std::runtime_error if bytes are missing or damaged.
raft::SnapshotPtr decode_snapshot(std::string_view bytes);

}  // namespace sunder
