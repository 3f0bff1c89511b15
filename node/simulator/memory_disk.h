#pragma once
// A disk that keeps what was synced and loses the rest when the power goes. A process that dies
// alone loses only what it has not written yet. As a folder does, it may keep entries that a
// snapshot covers; a restart joins the two as disk/stored_log.h does.

#include <functional>
#include <vector>

#include "node/disk/storage.h"
#include "node/raft/raft.h"

namespace sunder::simulator {

class MemoryDisk : public Storage {
 public:
  /// `before_sync` may throw: the power goes, and this batch is lost.
  explicit MemoryDisk(std::function<void()> before_sync) : before_sync_(std::move(before_sync)) {}

  /// What a process finds that starts now.
  raft::Restored contents() const;
  void end_process();
  void lose_power() {
    end_process();
    unsynced_.clear();
    written_ = 0;
  }
  /// The power goes in the middle of the last write that was not synced.
  void tear();
  void format();

  void save(const raft::HardState& hard_state) override;
  void append(const std::vector<raft::EntryPtr>& entries) override;
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override;
  void begin_writing(MakeSnapshot make) override;
  /// It is written by the time of the third question.
  raft::SnapshotPtr take_written() override;
  void write() override { written_ = unsynced_.size(); }
  void sync() override;

 private:
  void sync_quietly();

  std::function<void()> before_sync_;
  MakeSnapshot writing_;
  int questions_ = 0;
  std::vector<std::function<void(raft::Restored&)>> unsynced_;
  /// So many of these would outlive the process.
  std::size_t written_ = 0;
  raft::Restored durable_;
};

/// A disk as its node sees it; the disk outlives the node.
class BorrowedDisk : public Storage {
 public:
  explicit BorrowedDisk(Storage& disk) : disk_(disk) {}

  void save(const raft::HardState& hard_state) override { disk_.save(hard_state); }
  void append(const std::vector<raft::EntryPtr>& entries) override { disk_.append(entries); }
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override {
    disk_.save(snapshot, keeps_log);
  }
  void begin_writing(MakeSnapshot make) override { disk_.begin_writing(std::move(make)); }
  raft::SnapshotPtr take_written() override { return disk_.take_written(); }
  void write() override { disk_.write(); }
  void sync() override { disk_.sync(); }

 private:
  Storage& disk_;
};

}  // namespace sunder::simulator
