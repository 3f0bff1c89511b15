#pragma once
// The systems that sunder can test, in one table.

#include <optional>
#include <span>
#include <string_view>

#include "harness/driver/system.h"
#include "nemesis/schedule/fault_choice.h"

namespace sunder::harness {

std::span<const System> all_systems();

/// Throws std::invalid_argument listing what there is.
const System& find_system(std::string_view name);

/// Why faults with this name cannot take effect on the system; empty if they can.
std::optional<std::string_view> reason_against(const System& system, std::string_view name);

/// Whether there is no reason against faults with a name. The system must outlive the function.
nemesis::TakesEffect takes_effect_on(const System& system);

/// Fills the plan's system and its options from "raft:pre-vote=off,snapshot-every=50". Throws
/// std::invalid_argument that says what is allowed.
void choose_system(Plan& plan, std::string_view text);

}  // namespace sunder::harness
