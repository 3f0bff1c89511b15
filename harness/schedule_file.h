#pragma once
// A schedule of faults on disk: the user's, or a run's own.

#include <filesystem>

#include "nemesis/schedule/schedule.h"

namespace sunder::harness {

/// Throws std::invalid_argument, with the file's name before it, for what cannot be read or is no
/// schedule, and if a fault names a node beyond `nodes`.
nemesis::Schedule read_schedule(const std::filesystem::path& path, int nodes);

}  // namespace sunder::harness
