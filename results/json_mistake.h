#pragma once
// What a JSON library says about a mistake, as a person reads it.

#include <string>
#include <string_view>

namespace sunder::results {

/// Without the library's name for the mistake: "[json.exception.out_of_range.403] ".
inline std::string json_mistake(std::string_view what) {
  constexpr std::string_view mark = "[json.exception.";
  std::string text(what);
  for (auto from = text.find(mark); from != std::string::npos; from = text.find(mark)) {
    const auto end = text.find("] ", from);
    if (end == std::string::npos) break;
    text.erase(from, end + 2 - from);
  }
  return text;
}

}  // namespace sunder::results
