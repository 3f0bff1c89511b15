#pragma once
// A fast parser for lines of plain ASCII without escapes, integers, null and short lists of them.
// Fastest are lines as append_json_line writes them; others may have the members of an event, but
// none of its answer, in any order. The JSON parser reads what is left. Invariant: a line that it
// accepts gives the same event as with the JSON parser. Surprise: behind the line must stand its
// newline and as many readable bytes as LineReader::padding.

#include <cstdint>
#include <string_view>

#include "checker/history/event.h"
#include "checker/history/plain_text.h"

namespace sunder::history {

/// A line up to the operation's name.
struct PlainHead {
  std::int64_t index = 0;
  std::int64_t time = 0;
  std::int64_t process = 0;
  EventType type = EventType::invoke;
};

/// From the line's beginning to behind `"type":"ok"`. False if the line is not plain.
bool parse_plain_head(PlainText& text, PlainHead& head);

/// Keeps the index of the event if the line says none. False if the line is not plain; `event` is
/// unspecified then.
bool parse_plain_line(std::string_view line, Event& event);

}  // namespace sunder::history
