#pragma once
// Streams a file of trace records: one node's, or a witness's. Memory does not grow with it.
// Surprise: nothing that is wrong with the file throws. Lines that are no records are left out and
// named in what is returned: the reader of a damaged trace decides what it still proves.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/seal.h"
#include "node/api/trace.h"

namespace sunder::checker::raft {

using RecordSink = std::function<void(const trace::Record&)>;

/// A line that is no record.
struct GarbledLine {
  std::int64_t number = 0;
  std::string why;
  /// The record before it; 0 if there is none.
  history::Time after{0};
  /// The `started` that follows it at once, as behind a line that a kill cut off.
  std::optional<history::Time> restarted;
  /// It is the last line and has no newline, as one that a kill cut off.
  bool is_torn_end = false;
};

/// How a file of records was found.
struct TraceReport {
  /// Why no line of it could be read: "is missing", "cannot be opened: ...".
  std::optional<std::string> unreadable;
  std::uint64_t records = 0;
  /// Of the last record.
  history::Time last{0};
  std::vector<GarbledLine> garbled;
  /// What is wrong with the order of the records: "line 8 is earlier than line 7".
  std::optional<std::string> disorder;
  history::Seal seal;
};

TraceReport read_trace(const std::filesystem::path& path, const RecordSink& sink);

/// All records of a folder with one file for each node, in the order of time.
std::vector<trace::Record> read_traces_by_time(const std::filesystem::path& folder);

}  // namespace sunder::checker::raft
