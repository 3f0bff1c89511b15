#pragma once
// Why operations were not ok, by what their completions said, and how often each was said.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace sunder::history {

using ErrorCounts = std::map<std::string, std::size_t>;

/// Of texts that all differ, such as those with a time in them, the first ones are enough.
inline void count_error(ErrorCounts& errors, std::string_view error) {
  constexpr std::size_t most = 100;
  std::string text(error);
  const auto known = errors.find(text);
  if (known != errors.end()) {
    ++known->second;
  } else if (errors.size() < most) {
    errors.emplace(std::move(text), 1);
  }
}

}  // namespace sunder::history
