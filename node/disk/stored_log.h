#pragma once
// Reads a node's folder (its layout is in disk_log.h) and changes nothing.
// Surprise: a torn last batch is left out, because no sync covered it and so nothing in it was
// acknowledged. Damage anywhere else throws an error with file and position. Only if the power is
// lost after a sync and before its mark is durable, damage in the last batch looks like a torn one.

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

/// The files in the folder whose name is the prefix and a number, by number.
std::map<std::uint64_t, std::filesystem::path> numbered_files(const std::filesystem::path& folder,
                                                              std::string_view prefix);
std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t sequence);
std::filesystem::path snapshot_path(const std::filesystem::path& folder, Index last);

struct StoredLog {
  struct Segment {
    std::uint64_t sequence;
    /// The greatest index of its entries.
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
  /// The offset and the number of the next batch.
  std::size_t end = 0;
  std::uint64_t next_batch = 1;
  /// The offset from which on no sync surely covered the newest segment.
  std::size_t synced_end = 0;
  std::optional<TornTail> torn;
  /// The stored entries contradict the snapshot and are left out: a crash came after the snapshot
  /// was installed and before they were removed.
  bool is_superseded = false;
};

/// Removes the entries from this index on. If entries before it are missing, removes all: only a
/// snapshot can fill the gap.
void remove_from(std::vector<raft::EntryPtr>& entries, Index first);

/// Leaves of the stored entries those behind the snapshot. Returns whether the entries contradicted
/// the snapshot and were removed: a crash came after it was installed and before they were removed.
/// Throws std::runtime_error if entries between the snapshot and the first entry are missing.
bool join_log_and_snapshot(raft::Restored& stored);

/// Throws std::runtime_error with the file's name if a file is damaged or missing.
StoredLog read_stored_log(const std::filesystem::path& folder, const DiskRules& rules = {});

}  // namespace sunder
