#pragma once
// What a run needs from the machine, checked before it starts anything: a machine that lacks it
// makes healthy systems look broken. Everything here throws std::runtime_error that says what is
// needed, what there is, and how to get more.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "harness/plan.h"

namespace sunder::harness {

/// The most descriptors that sunder, or one of the nodes, may have open at once in such a run.
std::size_t descriptors_for(const Plan& plan);

/// Raises the soft limit if it must; the hard one is the end. `what` needs them: "this run".
void require_descriptors(std::size_t needed, std::string_view what);

/// Why what fails may fail for want of space: "the disk of /runs is full: 0 MiB are free". Nothing
/// if that much is free.
std::optional<std::string> lack_of_space(const std::filesystem::path& folder, std::uintmax_t bytes);

/// Of a run whose folder will be in `runs_dir`, which need not exist yet.
void require_environment(const Plan& plan, const std::filesystem::path& runs_dir);

}  // namespace sunder::harness
