#pragma once
// The systems that sunder can test, in one table.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/driver/system.h"
#include "nemesis/schedule/fault_choice.h"

namespace sunder::harness {

std::span<const System> all_systems();

/// Throws std::invalid_argument listing what there is.
const System& find_system(std::string_view name);

/// Why faults with this name cannot take effect on the system, on this network; empty if they can.
std::optional<std::string_view> reason_against(const System& system, std::string_view name,
                                               std::string_view network);

/// Whether there is no reason against faults with a name. The references must outlive the function.
nemesis::TakesEffect takes_effect_on(const System& system, std::string_view network);

/// Throws std::invalid_argument if the plan's nodes cannot stand at the switch that it wants.
void require_network(const Plan& plan);

/// Fills the network of a plan that leaves it to the system. Says, in one line, why it is not the
/// system's usual one; nothing if it is. `why_no_switch` asks this machine.
std::optional<std::string> choose_network(
    Plan& plan, const std::function<std::optional<std::string>()>& why_no_switch);

/// Fills the plan's system and its options from "raft:pre-vote=off,snapshot-every=50". Throws
/// std::invalid_argument that says what is allowed.
void choose_system(Plan& plan, std::string_view text);

}  // namespace sunder::harness
