#pragma once
// The end of a log, for messages about a program that failed.

#include <filesystem>
#include <string>

namespace sunder::harness {

/// Its last lines that are not empty, joined by " | ", each shortened; empty if there are none.
std::string log_tail(const std::filesystem::path& log, int lines = 1);

}  // namespace sunder::harness
