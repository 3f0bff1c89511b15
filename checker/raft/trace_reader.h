#pragma once
// Streams one node's trace file. Memory does not grow with it.
// Surprise: a line that is cut off gives only a warning where a kill can leave one: at the end of
// the file and right before a `started`. Any other unreadable line throws InputError.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "node/api/trace.h"

namespace sunder::checker::raft {

using RecordSink = std::function<void(const trace::Record&)>;

/// Returns the warnings.
std::vector<std::string> read_trace(const std::filesystem::path& path, const RecordSink& sink);

/// All records of a folder with one file for each node, in the order of time.
std::vector<trace::Record> read_traces_by_time(const std::filesystem::path& folder);

}  // namespace sunder::checker::raft
