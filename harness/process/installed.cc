#include "harness/process/installed.h"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

namespace sunder::harness {

std::filesystem::path require_installed(const std::string& program, std::string_view package) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(fmt::format("{}:/usr/local/sbin:/usr/sbin:/sbin", path ? path : ""));
  for (std::string folder; std::getline(folders, folder, ':');) {
    auto candidate = std::filesystem::path(folder) / program;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  throw std::runtime_error(
      fmt::format("{} is not installed: 'apt-get install --no-install-recommends {}' (Debian)",
                  program, package));
}

}  // namespace sunder::harness
