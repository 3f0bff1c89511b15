#pragma once
// The files of results/page/ and D3, embedded into the program when it is built: a report needs
// nothing beside the program.

#include <string_view>
#include <utility>
#include <vector>

namespace sunder::results {

/// The content of one file, "style.css". Aborts if there is no such file: names are constants.
std::string_view page_asset(std::string_view name);

/// All scripts that are modules, with their names: "format.js". In the order of their names.
std::vector<std::pair<std::string_view, std::string_view>> page_modules();

}  // namespace sunder::results
