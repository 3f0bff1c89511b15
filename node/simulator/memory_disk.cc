#include "node/simulator/memory_disk.h"

#include <algorithm>
#include <utility>

namespace sunder::simulator {
namespace {

void remove_from(std::vector<raft::EntryPtr>& entries, Index first) {
  entries.erase(std::find_if(entries.begin(), entries.end(),
                             [&](const auto& entry) { return entry->position.index >= first; }),
                entries.end());
}

void remove_up_to(std::vector<raft::EntryPtr>& entries, Index last) {
  entries.erase(entries.begin(), std::find_if(entries.begin(), entries.end(), [&](const auto& e) {
                  return e->position.index > last;
                }));
}

}  // namespace

raft::Restored MemoryDisk::contents() const {
  auto contents = durable_;
  for (std::size_t i = 0; i < written_; ++i) unsynced_[i](contents);
  if (contents.snapshot) remove_up_to(contents.entries, contents.snapshot->last.index);
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
  unsynced_.push_back([snapshot, keeps_log](raft::Restored& disk) {
    disk.snapshot = snapshot;
    if (keeps_log) {
      remove_up_to(disk.entries, snapshot->last.index);
    } else {
      disk.entries.clear();
    }
  });
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
  remove_up_to(durable_.entries, durable_.snapshot->last.index);
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
  if (durable_.snapshot) remove_up_to(durable_.entries, durable_.snapshot->last.index);
}

}  // namespace sunder::simulator
