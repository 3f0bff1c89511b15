#pragma once
// The programs of the systems under test, as the distribution installs them.

#include <filesystem>
#include <string>
#include <string_view>

namespace sunder::harness {

/// Looks in PATH and where the system's own programs are. Throws std::runtime_error that names the
/// Debian package to install.
std::filesystem::path require_installed(const std::string& program, std::string_view package);

}  // namespace sunder::harness
