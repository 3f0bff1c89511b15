#pragma once
// Reads what a node's folder holds (disk_log.h says how it is laid out) and changes nothing there.
// The surprise: a torn last batch is left out, since nothing in it was promised to anyone; damage
// anywhere else is refused with file and position.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "node/disk/disk_rules.h"
#include "node/disk/log_format.h"
#include "node/raft/restored.h"

namespace sunder {

constexpr std::string_view segment_prefix = "log-";
constexpr std::string_view snapshot_prefix = "snapshot-";

/// The files of the folder named prefix and number, by number.
std::map<std::uint64_t, std::filesystem::path> numbered_files(const std::filesystem::path& folder,
                                                              std::string_view prefix);
std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t sequence);
std::filesystem::path snapshot_path(const std::filesystem::path& folder, Index last);

struct StoredLog {
  struct Segment {
    std::uint64_t sequence;
    /// The greatest index of any entry in it.
    Index last;
  };
  /// The bytes of the newest segment from `from` on.
  struct TornTail {
    std::filesystem::path file;
    std::size_t from;
    std::size_t size;
  };

  raft::Restored restored;
  /// From the oldest on.
  std::vector<Segment> segments;
  /// Where the next batch goes, and its number.
  std::size_t end = 0;
  std::uint64_t next_batch = 1;
  std::optional<TornTail> torn;
  /// The stored entries contradict the snapshot and are left out: a crash came between installing
  /// it and forgetting them.
  bool is_superseded = false;
};

/// Throws std::runtime_error naming the file if it is damaged or missing.
StoredLog read_stored_log(const std::filesystem::path& folder, const DiskRules& rules = {});

}  // namespace sunder
