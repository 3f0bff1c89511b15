#pragma once
// Histories as JSON lines, sunder's own format: one event an object, one object a line, fields as
// Jepsen's (index, time, process, type, f, key, value, error). `index`, `time`, `key`, `value` and
// `error` may be missing; fields it does not know are skipped.
// Surprise: a last line that was cut off in the middle is forgiven with a warning, because a run
// that was killed leaves one; anything else that cannot be read throws InputError with its place.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "checker/history/event.h"

namespace sunder::history {

/// Receives the events in order. `line` counts from 1. The event may be moved from.
using EventSink = std::function<void(Event& event, std::int64_t line)>;

/// Appends the event as one line, with its newline.
void append_json_line(std::string& out, const Event& event);

/// Returns the warnings. Memory does not grow with the file.
std::vector<std::string> read_json_lines(const std::filesystem::path& path, const EventSink& sink);

/// One line without its newline. Throws InputError naming `file`, `line_number` and the column.
Event parse_json_line(std::string_view line, const std::string& file = "line",
                      std::int64_t line_number = 1);

}  // namespace sunder::history
