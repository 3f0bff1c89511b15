#pragma once
// Writes one line for people to stderr. A closed stderr is no error.

#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace sunder {

template <typename... Args>
void log_line(fmt::format_string<Args...> text, Args&&... args) {
  const auto line = fmt::format(text, std::forward<Args>(args)...) + '\n';
  std::fputs(line.c_str(), stderr);
}

}  // namespace sunder
