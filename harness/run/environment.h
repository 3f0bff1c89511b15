#pragma once
// What a run needs from the machine, checked before it starts anything: a machine that lacks it
// makes healthy systems look broken. Everything here throws std::runtime_error that says what is
// needed, what there is, and how to get more.

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "harness/plan.h"

namespace sunder::harness {

/// The most descriptors that sunder, or one of the nodes, may have open at once in such a run.
std::size_t descriptors_for(const Plan& plan);

/// Raises the soft limit if it must; the hard one is the end. `what` needs them: "this run".
void require_descriptors(std::size_t needed, std::string_view what);

/// Of a run whose folder will be in `runs_dir`, which need not exist yet.
void require_environment(const Plan& plan, const std::filesystem::path& runs_dir);

}  // namespace sunder::harness
