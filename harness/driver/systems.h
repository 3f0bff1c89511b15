#pragma once
// The systems that sunder can test, in one table.

#include <span>
#include <string_view>

#include "harness/driver/system.h"

namespace sunder::harness {

std::span<const System> all_systems();

/// Throws std::invalid_argument listing what there is.
const System& find_system(std::string_view name);

/// Fills the plan's system and its options from "raft:pre-vote=off,snapshot-every=50". Throws
/// std::invalid_argument that says what is allowed.
void choose_system(Plan& plan, std::string_view text);

}  // namespace sunder::harness
