#pragma once
// Reads a history file, whatever its format, into a History. What the format is can be seen from
// the content: '{"' begins a JSON line, '{:' or '[' or ';' or '#' an EDN history, anything else
// must be a Jepsen log.

#include <filesystem>

#include "checker/history/history.h"
#include "checker/history/jsonl.h"

namespace sunder::history {

enum class Format { json_lines, edn, jepsen_log };

/// Throws InputError if it is none of them.
Format format_of(const std::filesystem::path& path);

/// Events one by one; returns the warnings. Memory does not grow with the file.
std::vector<std::string> read_events(const std::filesystem::path& path, Format format,
                                     const EventSink& sink);

/// Throws InputError for what cannot be read, AssumptionBroken for what must not be judged.
History read_history(const std::filesystem::path& path, Format format);
History read_history(const std::filesystem::path& path);

}  // namespace sunder::history
