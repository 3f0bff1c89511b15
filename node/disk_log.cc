#include "node/disk_log.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "node/check.h"
#include "node/snapshot_file.h"

namespace sunder {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view segment_prefix = "log-";
constexpr std::string_view snapshot_prefix = "snapshot-";

/// The files of the folder named prefix and number, by number.
std::map<std::uint64_t, fs::path> numbered_files(const fs::path& directory,
                                                 std::string_view prefix) {
  std::map<std::uint64_t, fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    std::uint64_t number = 0;
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), end, number);
    if (parsed.ec == std::errc{} && parsed.ptr == end) files.emplace(number, entry.path());
  }
  return files;
}

raft::EntryType entry_type_of(log_format::RecordType type) {
  switch (type) {
    case log_format::RecordType::noop:
      return raft::EntryType::noop;
    case log_format::RecordType::command:
      return raft::EntryType::command;
    case log_format::RecordType::configuration:
      return raft::EntryType::configuration;
    default:
      break;
  }
  CHECK(false, "record type {} is not an entry", static_cast<int>(type));
}

}  // namespace

DiskLog::DiskLog(const fs::path& directory, Options options)
    : directory_(directory),
      options_(std::move(options)),
      maker_(directory, options_.segment_bytes) {
  fs::create_directories(directory_);
  lock();
  recover_snapshot();
  recover_segments();
  join_log_and_snapshot();
  if (segments_.empty()) begin_segment();
  sync();
}

void DiskLog::lock() {
  lock_ = File(directory_ / "lock", File::Mode::create);
  if (!lock_.try_lock()) {
    throw std::runtime_error(fmt::format("{} is in use by another process", directory_.string()));
  }
}

/// The latest; an older one is only still there because its removal was cut short.
void DiskLog::recover_snapshot() {
  const auto files = numbered_files(directory_, snapshot_prefix);
  if (files.empty()) return;
  const auto& path = files.rbegin()->second;
  try {
    restored_.snapshot = decode_snapshot(File(path, File::Mode::read).read_all());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

void DiskLog::recover_segments() {
  const auto files = numbered_files(directory_, segment_prefix);
  for (const auto& [sequence, path] : files) {
    if (!segments_.empty() && segments_.back().sequence + 1 != sequence) {
      throw std::runtime_error(
          fmt::format("{} is missing", segment_path(segments_.back().sequence + 1).string()));
    }
    segments_.push_back({sequence, Index{0}});
    recover_segment(path, sequence == files.rbegin()->first);
  }
  if (segments_.empty()) return;
  active_ = File(segment_path(segments_.back().sequence), File::Mode::read_write);
  sync_recovered();
}

/// A process that was killed between a write and its sync leaves what the disk does not have yet,
/// and it is read all the same. What follows may be promised without another write.
void DiskLog::sync_recovered() {
  if (!options_.is_synced) return;
  active_.sync_data();
  sync_directory(directory_);
}

void DiskLog::recover_segment(const fs::path& path, bool is_newest) {
  const auto bytes = File(path, File::Mode::read).read_all();
  if (log_format::sequence_of(bytes) != segments_.back().sequence) {
    throw std::runtime_error(
        fmt::format("{}: damaged at byte 0: not the header of a log segment", path.string()));
  }
  const auto scan = options_.rules.scan(bytes);
  const auto first = scan.batches.empty() ? next_batch_ : scan.batches.front().number;
  const bool misses_batches = segments_.size() > 1 && first != next_batch_;
  if (scan.is_corrupt || misses_batches || (scan.is_torn && !is_newest)) {
    throw std::runtime_error(
        fmt::format("{}: damaged at byte {}: entries that were promised are lost", path.string(),
                    misses_batches ? 0 : scan.end));
  }
  for (const auto& batch : scan.batches) {
    for (const auto& record : log_format::records_of(batch.payload)) replay(record);
    next_batch_ = batch.number + 1;
  }
  position_ = scan.end;
  if (scan.is_torn) cut_tail(path, scan.end, bytes.size());
}

void DiskLog::replay(const log_format::Record& record) {
  auto& entries = restored_.entries;
  if (record.type == log_format::RecordType::hard_state) {
    hard_state_.term = record.term;
    hard_state_.voted_for.reset();
    if (record.index.value != 0) {
      hard_state_.voted_for = NodeId{static_cast<std::int64_t>(record.index.value)};
    }
    return;
  }
  if (record.type == log_format::RecordType::edge) {
    entries.clear();
    return;
  }
  if (!entries.empty()) {
    const auto first = entries.front()->position.index;
    const auto end = entries.back()->position.index.next();
    // A gap is only ever left behind a snapshot; join_log_and_snapshot insists on it.
    const bool is_inside = record.index >= first && record.index <= end;
    entries.resize(is_inside ? record.index.value - first.value : 0);
  }
  entries.push_back(raft::make_entry({record.term, record.index}, entry_type_of(record.type),
                                     std::string(record.data)));
  segments_.back().last = std::max(segments_.back().last, record.index);
}

void DiskLog::join_log_and_snapshot() {
  restored_.hard_state = hard_state_;
  auto& entries = restored_.entries;
  const auto edge = restored_.snapshot ? restored_.snapshot->last : raft::LogPosition{};
  const auto at_edge = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry->position.index == edge.index;
  });
  if (at_edge != entries.end() && (*at_edge)->position.term != edge.term) {
    // The crash came between installing the snapshot and forgetting the log it contradicts.
    entries.clear();
    log_format::append_edge_record(payload_, edge);
  }
  const auto behind = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry->position.index > edge.index;
  });
  entries.erase(entries.begin(), behind);
  if (!entries.empty() && entries.front()->position.index != edge.index.next()) {
    throw std::runtime_error(fmt::format("{}: entries {} to {} are missing", directory_.string(),
                                         edge.index.next().value,
                                         entries.front()->position.index.previous().value));
  }
}

/// What is left of the torn batch goes, or it might look like a damaged middle one day.
void DiskLog::cut_tail(const fs::path& path, std::size_t from, std::size_t size) {
  const File file(path, File::Mode::read_write);
  file.write_at(from, std::string(size - from, '\0'));
  file.sync_data();
  recovery_note_ = fmt::format("{}: cut a torn batch at byte {}", path.string(), from);
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
  options_.rules.replace_file(snapshot_path(snapshot->last.index), encode(*snapshot));
  if (!keeps_log) log_format::append_edge_record(payload_, snapshot->last);
  sync();
  remove_covered(snapshot->last.index);
}

void DiskLog::begin_writing(MakeSnapshot make) {
  writing_ = std::async(std::launch::async, [this, make = std::move(make)] {
    auto snapshot = make();
    options_.rules.replace_file(snapshot_path(snapshot->last.index), encode(*snapshot));
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
  const auto batch = log_format::make_batch(next_batch_++, payload);
  active_.write_at(position_, batch);
  has_unsynced_ = true;
  position_ += batch.size();
  if (position_ > options_.segment_bytes / 2) maker_.prepare();
}

void DiskLog::sync_written() {
  if (has_unsynced_ && options_.is_synced) active_.sync_data();
  has_unsynced_ = false;
}

/// The new file gets its name only when its header is on the disk, so a segment is never half made.
void DiskLog::begin_segment() {
  sync_written();
  const auto sequence = segments_.empty() ? 1 : segments_.back().sequence + 1;
  auto file = maker_.take();
  file.write_at(0, log_format::segment_header(sequence));
  file.sync_data();
  const auto path = segment_path(sequence);
  file.rename(path);
  sync_directory(directory_);
  active_ = std::move(file);
  segments_.push_back({sequence, Index{0}});
  position_ = log_format::segment_header_bytes;

  std::string hard_state;
  log_format::append_record(hard_state, hard_state_);
  write_batch(hard_state);
  sync_written();
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
    fs::remove(segment_path(segment));
  }
  sync_directory(directory_);
}

fs::path DiskLog::segment_path(std::uint64_t sequence) const {
  return directory_ / fmt::format("{}{:016}", segment_prefix, sequence);
}

fs::path DiskLog::snapshot_path(Index last) const {
  return directory_ / fmt::format("{}{:016}", snapshot_prefix, last.value);
}

}  // namespace sunder
