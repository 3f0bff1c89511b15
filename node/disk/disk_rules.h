#pragma once
// What the log on disk rests on when it writes and reads itself back. The log asks for it through a
// DiskRules value, so that one of them can be replaced by a mistaken one, as in raft/rules.h.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "node/disk/files.h"
#include "node/disk/log_format.h"

namespace sunder {

using SegmentNumbers = std::vector<std::uint64_t>;

/// The order in which segments, given from the oldest on, are removed when nobody needs them:
/// oldest first, so that a crash in between leaves no gap.
inline SegmentNumbers oldest_first(SegmentNumbers segments) {
  return segments;
}

/// The right ones, unless one is replaced.
struct DiskRules {
  /// Which batches of a segment are valid, and whether the rest was promised to anyone.
  std::function<decltype(log_format::scan)> scan = log_format::scan;
  /// How a snapshot comes to the disk.
  std::function<decltype(sunder::replace_file)> replace_file = sunder::replace_file;
  std::function<decltype(oldest_first)> removal_order = oldest_first;
};

}  // namespace sunder
