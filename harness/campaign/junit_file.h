#pragma once
// The JUnit file where the user wants it: a file, a link to one, a device or a pipe.

#include <filesystem>
#include <string_view>

namespace sunder::harness::campaign {

/// Throws std::invalid_argument naming the path if it cannot be written. Changes nothing.
void require_writable(const std::filesystem::path& junit);

/// A file appears complete or not at all, and a link keeps pointing at it. What is no file gets the
/// text appended. Throws std::runtime_error naming the path.
void write_junit(const std::filesystem::path& junit, std::string_view text);

}  // namespace sunder::harness::campaign
