#pragma once
// The storage of a node in a folder of its own: log segments (log_format.h) and the latest
// snapshot.
//
//   lock   log-0000000000000003   log-0000000000000004   snapshot-0000000000001200
//
// An entry record at index i removes what the log held from i on. Every segment begins with the
// hard state, so the oldest ones can go once a snapshot covers their entries.
// What it finds when it starts is stored_log.h's to say; a torn last batch is then cut off.

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
  /// Without it a power loss may lose what was promised.
  bool is_synced = true;
  DiskRules rules{};
};

class DiskLog : public Storage {
 public:
  using Options = DiskLogOptions;

  /// Creates or recovers. Throws std::runtime_error naming the file if it is damaged, in use or
  /// cannot be written.
  explicit DiskLog(const std::filesystem::path& directory, Options options = {});

  /// What recovery found; empties it.
  raft::Restored take_restored() { return std::move(restored_); }
  /// What a person should know about the recovery, empty if nothing.
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
  /// Something in the active segment is written and not synced.
  bool has_unsynced_ = false;
  std::uint64_t next_batch_ = 1;
  std::string payload_;
  std::future<raft::SnapshotPtr> writing_;
};

}  // namespace sunder
