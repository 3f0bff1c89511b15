#include "node/disk/stored_log.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "node/check.h"
#include "node/disk/snapshot_file.h"

namespace sunder {
namespace {

namespace fs = std::filesystem;

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

class Reader {
 public:
  Reader(const fs::path& folder, const DiskRules& rules) : folder_(folder), rules_(rules) {}

  StoredLog read() {
    read_snapshot();
    read_segments();
    join();
    return std::move(stored_);
  }

 private:
  void read_snapshot();
  void read_segments();
  void read_segment(const fs::path& path, bool is_newest);
  void note_synced(const log_format::Scan& scan);
  void replay(const log_format::Record& record);
  void join();

  const fs::path& folder_;
  const DiskRules& rules_;
  StoredLog stored_;
  /// The last batch that a sync surely covered.
  std::uint64_t synced_ = 0;
  /// Until then any batch number may come next: the first segment may have no batch.
  bool has_read_batches_ = false;
};

/// The latest snapshot. An older one is there only if a crash came before its removal.
void Reader::read_snapshot() {
  const auto files = numbered_files(folder_, snapshot_prefix);
  if (files.empty()) return;
  const auto& path = files.rbegin()->second;
  try {
    stored_.restored.snapshot = decode_snapshot(File(path, File::Mode::read).read_all());
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

void Reader::read_segments() {
  const auto files = numbered_files(folder_, segment_prefix);
  auto& segments = stored_.segments;
  for (const auto& [sequence, path] : files) {
    if (!segments.empty() && segments.back().sequence + 1 != sequence) {
      throw std::runtime_error(fmt::format(
          "{} is missing", segment_path(folder_, segments.back().sequence + 1).string()));
    }
    segments.push_back({sequence, Index{0}});
    read_segment(path, sequence == files.rbegin()->first);
  }
}

void Reader::read_segment(const fs::path& path, bool is_newest) {
  const auto bytes = File(path, File::Mode::read).read_all();
  if (log_format::sequence_of(bytes) != stored_.segments.back().sequence) {
    throw std::runtime_error(
        fmt::format("{}: damaged at byte 0: not the header of a log segment", path.string()));
  }
  const auto scan = rules_.scan(bytes);
  const auto first = scan.batches.empty() ? stored_.next_batch : scan.batches.front().number;
  const bool misses_batches = has_read_batches_ && first != stored_.next_batch;
  if (scan.is_corrupt || misses_batches || (scan.is_torn && !is_newest)) {
    throw std::runtime_error(
        fmt::format("{}: damaged at byte {}: entries that were promised are lost", path.string(),
                    misses_batches ? 0 : scan.end));
  }
  for (const auto& batch : scan.batches) {
    for (const auto& record : log_format::records_of(batch.payload)) replay(record);
    stored_.next_batch = batch.number + 1;
    has_read_batches_ = true;
  }
  stored_.end = scan.end;
  note_synced(scan);
  if (scan.is_torn) stored_.torn = StoredLog::TornTail{path, scan.end, bytes.size() - scan.end};
}

void Reader::note_synced(const log_format::Scan& scan) {
  synced_ = std::max(synced_, scan.synced);
  stored_.synced_end = log_format::segment_header_bytes;
  for (const auto& batch : scan.batches) {
    if (batch.number > synced_) break;
    stored_.synced_end += log_format::batch_header_bytes + batch.payload.size();
  }
}

void Reader::replay(const log_format::Record& record) {
  auto& entries = stored_.restored.entries;
  auto& hard_state = stored_.restored.hard_state;
  if (record.type == log_format::RecordType::hard_state) {
    hard_state.term = record.term;
    hard_state.voted_for.reset();
    if (record.index.value != 0) {
      hard_state.voted_for = NodeId{static_cast<std::int64_t>(record.index.value)};
    }
    return;
  }
  if (record.type == log_format::RecordType::edge) {
    entries.clear();
    return;
  }
  remove_from(entries, record.index);
  entries.push_back(raft::make_entry({record.term, record.index}, entry_type_of(record.type),
                                     std::string(record.data)));
  stored_.segments.back().last = std::max(stored_.segments.back().last, record.index);
}

void Reader::join() {
  try {
    stored_.is_superseded = join_log_and_snapshot(stored_.restored);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", folder_.string(), error.what()));
  }
}

}  // namespace

std::map<std::uint64_t, fs::path> numbered_files(const fs::path& folder, std::string_view prefix) {
  std::map<std::uint64_t, fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    std::uint64_t number = 0;
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), end, number);
    if (parsed.ec == std::errc{} && parsed.ptr == end) files.emplace(number, entry.path());
  }
  return files;
}

fs::path segment_path(const fs::path& folder, std::uint64_t sequence) {
  return folder / fmt::format("{}{:016}", segment_prefix, sequence);
}

fs::path snapshot_path(const fs::path& folder, Index last) {
  return folder / fmt::format("{}{:016}", snapshot_prefix, last.value);
}

void remove_from(std::vector<raft::EntryPtr>& entries, Index first) {
  if (entries.empty()) return;
  const auto begin = entries.front()->position.index;
  const bool is_inside = first >= begin && first <= entries.back()->position.index.next();
  entries.resize(is_inside ? first.value - begin.value : 0);
}

bool join_log_and_snapshot(raft::Restored& stored) {
  auto& entries = stored.entries;
  const auto edge = stored.snapshot ? stored.snapshot->last : raft::LogPosition{};
  const auto at_edge = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry->position.index == edge.index;
  });
  if (at_edge != entries.end() && (*at_edge)->position.term != edge.term) {
    entries.clear();
    return true;
  }
  const auto behind = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry->position.index > edge.index;
  });
  entries.erase(entries.begin(), behind);
  if (!entries.empty() && entries.front()->position.index != edge.index.next()) {
    throw std::runtime_error(fmt::format("entries {} to {} are missing", edge.index.next().value,
                                         entries.front()->position.index.previous().value));
  }
  return false;
}

StoredLog read_stored_log(const fs::path& folder, const DiskRules& rules) {
  return Reader(folder, rules).read();
}

}  // namespace sunder
