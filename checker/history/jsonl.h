#pragma once
// Histories as JSON lines, sunder's own format: one event an object (json_event.h), one object a
// line, with Jepsen's fields (index, time, process, type, f, key, value, error), and those of a
// completion's Answer (node, found, revision, term, command).
// Surprise: a last line that is cut off gives a warning, because a killed run leaves one. Any other
// unreadable line throws InputError with its place.

#include <functional>
#include <string>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/input_error.h"
#include "checker/history/line_reader.h"
#include "checker/history/vocabulary.h"

namespace sunder::history {

/// Receives the events in order. `line` counts from 1. It may move from the event.
using EventSink = std::function<void(Event& event, std::int64_t line)>;

/// Appends the event as one line with a newline.
void append_json_line(std::string& out, const Event& event);

/// Both return the warnings. The memory of the first does not grow with the file; the second reads
/// objects over any number of lines, bare or in an array, of which only the last may be cut off.
std::vector<std::string> read_json_lines(LineReader& lines, const EventSink& sink, Naming& naming);
std::vector<std::string> read_json_text(LineReader& lines, const EventSink& sink, Naming& naming);

/// Parses one object. `text` must be followed by LineReader::padding readable bytes. Throws
/// InputError.
Value parse_json_object(std::string_view text, const Place& place);

/// Parses one line without its newline. Throws InputError with `file`, `line_number` and column.
Event parse_json_line(std::string_view line, const std::string& file = "line",
                      std::int64_t line_number = 1);

}  // namespace sunder::history
