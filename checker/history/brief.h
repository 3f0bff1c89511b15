#pragma once
// Values as people read them: JSON, at most some 70 characters. Of a longer list or text the part
// around the element that matters is shown, with how much was left out on both sides.
// Invariant: no control character is in the result.

#include <span>
#include <string>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::history {

/// `focus` are the values that the reader looks for, in the order in which they were written. If
/// one of them is missing in a list, the place where it should be is shown; else the place at which
/// the order differs.
std::string brief(const Value& value, std::span<const Value* const> focus = {});

/// A key or another text in quotes, cut if it is long.
std::string brief_text(std::string_view text);

/// A byte that a terminal acts on.
inline bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// The text with every control character written as \u001b. Newlines and tabs are kept.
std::string printable(std::string_view text);
/// As above, in one line.
std::string printable_line(std::string_view text);

}  // namespace sunder::history
