#pragma once
// A disk that keeps what was synced and loses the rest when the power goes.

#include <functional>
#include <vector>

#include "node/raft/raft.h"
#include "node/storage.h"

namespace sunder::simulator {

class MemoryDisk : public Storage {
 public:
  /// `before_sync` may throw: the power goes, and this batch is lost.
  explicit MemoryDisk(std::function<void()> before_sync) : before_sync_(std::move(before_sync)) {}

  const raft::Restored& durable() const { return durable_; }
  void lose_power() {
    unsynced_.clear();
    writing_ = nullptr;
  }

  void save(const raft::HardState& hard_state) override;
  void append(const std::vector<raft::EntryPtr>& entries) override;
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override;
  void begin_writing(MakeSnapshot make) override;
  /// It is written by the time of the third question.
  raft::SnapshotPtr take_written() override;
  /// No process dies here without its machine: what is only written is lost as well.
  void write() override {}
  void sync() override;

 private:
  std::function<void()> before_sync_;
  MakeSnapshot writing_;
  int questions_ = 0;
  std::vector<std::function<void(raft::Restored&)>> unsynced_;
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
