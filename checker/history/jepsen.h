#pragma once
// Histories as Jepsen writes them: history.edn, one operation map after another, one a line or all
// in one vector; and log lines, "INFO  jepsen.util - 0 :invoke :read nil".
// A value [k v] of an independent workload is taken apart into key and value. What tells it from a
// plain pair is the first client call that can only be one of the two; it decides for the file.
// Surprise: in Jepsen's data an ok read of nil means that the value is not known.

#include <filesystem>
#include <string>
#include <vector>

#include "checker/history/jsonl.h"

namespace sunder::history {

/// Both return the warnings; a last operation cut off in the middle is one. Events come with the
/// line on which they begin. Throw InputError naming file, line and column.
std::vector<std::string> read_edn(const std::filesystem::path& path, const EventSink& sink);
std::vector<std::string> read_jepsen_log(const std::filesystem::path& path, const EventSink& sink);

/// Whether a line of a Jepsen log tells of an operation; other lines are skipped.
bool is_jepsen_log_operation(std::string_view line);

}  // namespace sunder::history
