#pragma once
// Histories that Jepsen wrote: history.edn, with operation maps over any number of lines, bare or
// in a vector or list; and log lines with any prefix or none, "jepsen.util - 0 :invoke :read nil".
// What stands behind a logged value is text. Surprise: in Jepsen's data an ok read of nil means
// that the value is not known.

#include <string>
#include <vector>

#include "checker/history/jsonl.h"

namespace sunder::history {

/// Both return the warnings, such as a last operation that is cut off. Events have the number of
/// the line on which they begin. Throw InputError with file, line and column.
std::vector<std::string> read_edn(LineReader& lines, const EventSink& sink, Naming& naming);
std::vector<std::string> read_jepsen_log(LineReader& lines, const EventSink& sink,
                                         ProcessNames& processes);

/// Whether a line of a Jepsen log is an operation. Other lines are skipped.
bool is_jepsen_log_operation(std::string_view line);

}  // namespace sunder::history
