#pragma once
// A fast parser for lines as append_json_line writes them, with plain ASCII without escapes,
// integers, null and short lists of them. Nearly all lines of sunder's own histories are such; the
// JSON parser reads the others. Invariant: a line that it accepts gives the same event as with the
// JSON parser.

#include <string_view>

#include "checker/history/event.h"

namespace sunder::history {

/// False if the line is not plain; `event` is unspecified then.
bool parse_plain_line(std::string_view line, Event& event);

}  // namespace sunder::history
