#include "node/disk/disk_log.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "node/disk/snapshot_file.h"

namespace sunder {
namespace fs = std::filesystem;

DiskLog::DiskLog(const fs::path& directory, Options options)
    : directory_(directory),
      options_(std::move(options)),
      maker_(directory, options_.segment_bytes) {
  fs::create_directories(directory_);
  lock();
  recover();
  if (segments_.empty()) begin_segment();
  sync();
}

void DiskLog::lock() {
  lock_ = File(directory_ / "lock", File::Mode::create);
  if (!lock_.try_lock()) {
    throw std::runtime_error(fmt::format("{} is in use by another process", directory_.string()));
  }
}

/// A process that was killed between a write and its sync leaves bytes in the page cache, and the
/// restarted process reads them. They must be durable before this node acknowledges them, so the
/// constructor syncs.
void DiskLog::recover() {
  auto stored = read_stored_log(directory_, options_.rules);
  restored_ = std::move(stored.restored);
  hard_state_ = restored_.hard_state;
  segments_ = std::move(stored.segments);
  position_ = stored.end;
  next_batch_ = stored.next_batch;
  if (stored.is_superseded) {
    log_format::append_edge_record(payload_, restored_.snapshot->last);
  }
  if (segments_.empty()) return;
  active_ = File(segment_path(directory_, segments_.back().sequence), File::Mode::read_write);
  if (stored.torn) cut(*stored.torn);
  write_again(stored.synced_end);
  // The process was killed before it wrote the hard state, and earlier segments may be removed.
  if (position_ == log_format::segment_header_bytes) write_hard_state();
  has_unsynced_ = true;
  if (options_.is_synced) sync_directory(directory_);
}

/// Removes the rest of the torn batch. Behind new batches it would look like corruption.
void DiskLog::cut(const StoredLog::TornTail& tail) {
  active_.write_at(tail.from, std::string(tail.size, '\0'));
  recovery_note_ = fmt::format("{}: cut a torn batch at byte {}", tail.file.string(), tail.from);
}

/// After a failed sync the pages count as clean: they can still be read, and the next sync succeeds
/// without writing them. Nobody knows whether the last sync failed, so what no sync surely covered
/// is written again. Directories need no such care: a file system whose journal fails takes no
/// writes.
void DiskLog::write_again(std::size_t from) {
  if (from >= position_) return;
  const auto bytes = active_.read_all();
  active_.write_at(from, std::string_view(bytes).substr(from, position_ - from));
}

void DiskLog::save(const raft::HardState& hard_state) {
  hard_state_ = hard_state;
  log_format::append_record(payload_, hard_state);
}

void DiskLog::append(const std::vector<raft::EntryPtr>& entries) {
  for (const auto& entry : entries) {
    log_format::append_record(payload_, *entry);
    segments_.back().last = std::max(segments_.back().last, entry->position.index);
  }
}

void DiskLog::save(const raft::SnapshotPtr& snapshot, bool keeps_log) {
  if (writing_.valid()) writing_.get();
  sync();
  options_.rules.replace_file(snapshot_path(directory_, snapshot->last.index), encode(*snapshot));
  if (!keeps_log) log_format::append_edge_record(payload_, snapshot->last);
  sync();
  remove_covered(snapshot->last.index);
}

void DiskLog::begin_writing(MakeSnapshot make) {
  writing_ = std::async(std::launch::async, [this, make = std::move(make)] {
    auto snapshot = make();
    options_.rules.replace_file(snapshot_path(directory_, snapshot->last.index), encode(*snapshot));
    return snapshot;
  });
}

raft::SnapshotPtr DiskLog::take_written() {
  const bool is_written =
      writing_.valid() && writing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  if (!is_written) return nullptr;
  auto snapshot = writing_.get();
  remove_covered(snapshot->last.index);
  return snapshot;
}

void DiskLog::write() {
  if (payload_.empty()) return;
  const auto size = log_format::batch_header_bytes + payload_.size();
  if (position_ + size > options_.segment_bytes) {
    const auto last = segments_.back().last;
    begin_segment();
    segments_.back().last = last;
  }
  write_batch(payload_);
  payload_.clear();
}

void DiskLog::sync() {
  write();
  sync_written();
}

void DiskLog::write_batch(std::string_view payload) {
  const auto batch = log_format::make_batch(next_batch_++, synced_batch_, payload);
  active_.write_at(position_, batch);
  has_unsynced_ = true;
  position_ += batch.size();
  if (position_ > options_.segment_bytes / 2) maker_.prepare();
}

/// The mark needs no sync of its own: it tells damage from a torn write unless it is lost with the
/// power.
void DiskLog::sync_written() {
  if (!has_unsynced_) return;
  if (options_.is_synced) active_.sync_data();
  has_unsynced_ = false;
  synced_batch_ = next_batch_ - 1;
  active_.write_at(position_, log_format::make_mark(synced_batch_));
}

/// The new file gets its name after its header is durable, so no segment is without a header, and
/// after the mark of the segment before it: only the newest segment may have a torn tail.
void DiskLog::begin_segment() {
  sync_written();
  if (!segments_.empty() && options_.is_synced) active_.sync_data();
  const auto sequence = segments_.empty() ? 1 : segments_.back().sequence + 1;
  auto file = maker_.take();
  file.write_at(0, log_format::segment_header(sequence));
  file.sync_data();
  const auto path = segment_path(directory_, sequence);
  file.rename(path);
  sync_directory(directory_);
  active_ = std::move(file);
  segments_.push_back({sequence, Index{0}});
  position_ = log_format::segment_header_bytes;
  write_hard_state();
  sync_written();
}

/// The first record of each segment, so that no segment needs the ones before it.
void DiskLog::write_hard_state() {
  std::string hard_state;
  log_format::append_record(hard_state, hard_state_);
  write_batch(hard_state);
}

void DiskLog::remove_covered(Index covered) {
  for (const auto& [index, path] : numbered_files(directory_, snapshot_prefix)) {
    if (index < covered.value) fs::remove(path);
  }
  SegmentNumbers unneeded;
  while (segments_.size() > 1 && segments_.front().last <= covered) {
    unneeded.push_back(segments_.front().sequence);
    segments_.erase(segments_.begin());
  }
  for (const auto segment : options_.rules.removal_order(unneeded)) {
    fs::remove(segment_path(directory_, segment));
  }
  sync_directory(directory_);
}

}  // namespace sunder
