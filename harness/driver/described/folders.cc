#include "harness/driver/described/folders.h"

#include <algorithm>

#include "harness/driver/described/node.h"
#include "harness/process/programs.h"

namespace sunder::harness::described {

namespace fs = std::filesystem;

namespace {

fs::path file_in(const fs::path& folder) {
  return folder / (folder.filename().string() + ".json");
}

fs::path systems_folder() {
  return programs_folder() / "systems";
}

}  // namespace

std::vector<std::string> system_folders() {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(systems_folder(), none)) {
    if (fs::exists(file_in(entry.path()))) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path description_file(std::string_view system) {
  if (is_file(system)) return system;
  const bool is_name = !system.empty() && system.find('/') == std::string_view::npos;
  auto file = file_in(systems_folder() / system);
  return is_name && fs::exists(file) ? file : fs::path();
}

}  // namespace sunder::harness::described
