#pragma once
// A node's storage in a folder: log segments (log_format.h) and the latest snapshot.
//
//   lock   log-0000000000000003   log-0000000000000004   snapshot-0000000000001200
//
// An entry record at index i replaces the log from i on. Every segment begins with the hard state,
// so the oldest segments can be removed once a snapshot covers their entries. At the start,
// stored_log.h reads the folder, and a torn last batch is cut off.

#include <cstdint>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "node/disk/disk_rules.h"
#include "node/disk/files.h"
#include "node/disk/log_format.h"
#include "node/disk/segment_maker.h"
#include "node/disk/storage.h"
#include "node/disk/stored_log.h"
#include "node/raft/raft.h"

namespace sunder {

struct DiskLogOptions {
  std::size_t segment_bytes = 8 << 20;
  /// If false, a power loss can lose acknowledged entries and votes.
  bool is_synced = true;
  DiskRules rules{};
};

class DiskLog : public Storage {
 public:
  using Options = DiskLogOptions;

  /// Creates the folder or recovers it. Throws std::runtime_error with the file's name if a file is
  /// damaged, in use or not writable.
  explicit DiskLog(const std::filesystem::path& directory, Options options = {});

  /// Moves out what recovery found.
  raft::Restored take_restored() { return std::move(restored_); }
  /// A note on the recovery for people; empty if there is nothing to report.
  const std::string& recovery_note() const { return recovery_note_; }

  void save(const raft::HardState& hard_state) override;
  void append(const std::vector<raft::EntryPtr>& entries) override;
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override;
  void begin_writing(MakeSnapshot make) override;
  raft::SnapshotPtr take_written() override;
  void write() override;
  void sync() override;

 private:
  void lock();
  void recover();
  void cut(const StoredLog::TornTail& tail);
  void write_again(std::size_t from);
  void begin_segment();
  void write_hard_state();
  void write_batch(std::string_view payload);
  void sync_written();
  void remove_covered(Index covered);

  std::filesystem::path directory_;
  Options options_;
  File lock_;
  SegmentMaker maker_;
  raft::Restored restored_;
  std::string recovery_note_;

  raft::HardState hard_state_;
  std::vector<StoredLog::Segment> segments_;
  File active_;
  std::size_t position_ = 0;
  /// The active segment has bytes that are written and not synced.
  bool has_unsynced_ = false;
  std::uint64_t next_batch_ = 1;
  /// The last batch that a sync covered.
  std::uint64_t synced_batch_ = 0;
  std::string payload_;
  std::future<raft::SnapshotPtr> writing_;
};

}  // namespace sunder
