#pragma once
// The decisions of the log on disk that its safety depends on. The log calls them through a
// DiskRules value, so that a mutant can replace one of them, as in raft/rules.h.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "node/disk/files.h"
#include "node/disk/log_format.h"

namespace sunder {

using SegmentNumbers = std::vector<std::uint64_t>;

/// The order in which unneeded segments, given from the oldest on, are removed: oldest first, so
/// that a crash in between leaves no gap.
inline SegmentNumbers oldest_first(SegmentNumbers segments) {
  return segments;
}

/// The correct rules. A mutant replaces some of them.
struct DiskRules {
  /// Which batches of a segment are valid, and whether a later batch was synced.
  std::function<decltype(log_format::scan)> scan = log_format::scan;
  /// Writes a snapshot to the disk.
  std::function<decltype(sunder::replace_file)> replace_file = sunder::replace_file;
  std::function<decltype(oldest_first)> removal_order = oldest_first;
};

}  // namespace sunder
