#pragma once
// One line for people, to stderr.

#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace sunder {

template <typename... Args>
void log_line(fmt::format_string<Args...> text, Args&&... args) {
  fmt::print(stderr, "{}\n", fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace sunder
