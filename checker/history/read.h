#pragma once
// Reads a history file, whatever its format, into a History.

#include <filesystem>

#include "checker/history/history.h"

namespace sunder::history {

/// Throws InputError for what cannot be read, AssumptionBroken for what must not be judged.
History read_history(const std::filesystem::path& path);

}  // namespace sunder::history
