#pragma once
// The quick way to read a line that is written just as append_json_line writes it and holds nothing
// unusual: plain ASCII without escapes, integers, null, short lists of them. Nearly every line of a
// history of sunder's own is; anything else is left to the JSON parser.
// Invariant: what it accepts it reads exactly as the JSON parser would.

#include <string_view>

#include "checker/history/event.h"

namespace sunder::history {

/// False, with `event` in pieces, if the line is not plain.
bool parse_plain_line(std::string_view line, Event& event);

}  // namespace sunder::history
