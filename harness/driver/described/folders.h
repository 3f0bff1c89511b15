#pragma once
// The descriptions that come with sunder: one folder each, NAME/NAME.json, in the folder `systems`
// beside the programs (a link to harness/systems in a build).

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sunder::harness::described {

/// The names of all.
std::vector<std::string> system_folders();

/// The file that --system means: the file that it names, or NAME/NAME.json. Empty if `system`
/// is no file and no such name.
std::filesystem::path description_file(std::string_view system);

}  // namespace sunder::harness::described
