#pragma once
// The format of a history, by its content: '{"' begins a JSON line, or JSON text if the object does
// not end on that line; '[{"' begins JSON text; '{:', '[', '(', ';' or '#' begins an EDN history;
// anything else must be a Jepsen log.

#include <filesystem>

#include "checker/history/line_reader.h"

namespace sunder::history {

enum class Format { json_lines, json_text, edn, jepsen_log };

/// Throws InputError if it is none of them. Reads from the first line and goes back to it: `lines`
/// must keep them.
Format format_of(LineReader& lines);
Format format_of(const std::filesystem::path& path);

}  // namespace sunder::history
