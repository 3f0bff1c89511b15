#pragma once
// A file that a driver puts into a node's folder before the node starts. It is as if it had been
// installed there: no loss of power takes it away.

#include <filesystem>
#include <string_view>

namespace sunder::harness {

/// Makes the folder too. Throws std::runtime_error naming the file.
void install_file(const std::filesystem::path& file, std::string_view text);

}  // namespace sunder::harness
