#include "node/simulator/memory_disk.h"

#include <utility>

#include "node/disk/stored_log.h"

namespace sunder::simulator {
raft::Restored MemoryDisk::contents() const {
  auto contents = durable_;
  for (std::size_t i = 0; i < written_; ++i) unsynced_[i](contents);
  join_log_and_snapshot(contents);
  return contents;
}

void MemoryDisk::end_process() {
  unsynced_.resize(written_);
  writing_ = nullptr;
}

void MemoryDisk::tear() {
  end_process();
  if (unsynced_.empty()) return;
  unsynced_.pop_back();
  sync_quietly();
}

void MemoryDisk::format() {
  lose_power();
  durable_ = {};
}

void MemoryDisk::save(const raft::HardState& hard_state) {
  unsynced_.push_back([hard_state](raft::Restored& disk) { disk.hard_state = hard_state; });
}

void MemoryDisk::append(const std::vector<raft::EntryPtr>& entries) {
  unsynced_.push_back([entries](raft::Restored& disk) {
    remove_from(disk.entries, entries.front()->position.index);
    disk.entries.insert(disk.entries.end(), entries.begin(), entries.end());
  });
}

void MemoryDisk::save(const raft::SnapshotPtr& snapshot, bool keeps_log) {
  writing_ = nullptr;
  unsynced_.push_back([snapshot](raft::Restored& disk) { disk.snapshot = snapshot; });
  sync();
  if (keeps_log) return;
  unsynced_.push_back([](raft::Restored& disk) { disk.entries.clear(); });
  sync();
}

void MemoryDisk::begin_writing(MakeSnapshot make) {
  writing_ = std::move(make);
  questions_ = 0;
}

raft::SnapshotPtr MemoryDisk::take_written() {
  if (!writing_ || ++questions_ < 3) return nullptr;
  before_sync_();
  durable_.snapshot = std::exchange(writing_, nullptr)();
  return durable_.snapshot;
}

void MemoryDisk::sync() {
  before_sync_();
  sync_quietly();
}

void MemoryDisk::sync_quietly() {
  for (const auto& change : unsynced_) change(durable_);
  unsynced_.clear();
  written_ = 0;
}

}  // namespace sunder::simulator
