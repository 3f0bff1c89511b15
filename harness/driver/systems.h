#pragma once
// The systems that sunder can test, in one table.

#include <optional>
#include <span>
#include <string_view>

#include "harness/driver/system.h"
#include "nemesis/kinds/fault_kinds.h"

namespace sunder::harness {

std::span<const System> all_systems();

/// Throws std::invalid_argument listing what there is.
const System& find_system(std::string_view name);

/// Why a kind of fault cannot take effect on the system; empty if it can.
std::optional<std::string_view> reason_against(const System& system, std::string_view kind);

/// Says of each kind whether there is no reason against it. The system must outlive it.
nemesis::TakesEffect takes_effect_on(const System& system);

/// Fills the plan's system and its options from "raft:pre-vote=off,snapshot-every=50". Throws
/// std::invalid_argument that says what is allowed.
void choose_system(Plan& plan, std::string_view text);

}  // namespace sunder::harness
