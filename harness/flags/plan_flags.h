#pragma once
// A plan as flags: how a person writes it after `sunder run`, and how it is read again. The other
// direction is run_flags in harness/plan.h; flags that it wrote give the same plan.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/flags/flags.h"
#include "harness/plan.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::harness {

/// The flags that `sunder run` and `sunder simulate` share; what is not given is as in `usual`. An
/// empty `nodes` text says that the command chooses.
void describe_plan_flags(FlagSet& flags, const Plan& usual, const std::string& nodes,
                         const std::string& nemesis);
/// What they say: all but nemeses, schedule and seed. Throws std::invalid_argument naming the flag.
Plan plan_from(const Flags& flags);

/// Mutants are bugs of sunder's own node. Throws std::invalid_argument for any other system.
void require_own_node(std::string_view system);

/// The user's schedule, or nothing. Fills the plan's part on faults if there is one.
std::optional<nemesis::Schedule> schedule_file_from(const Flags& flags, Plan& plan);

/// All flags of `sunder run` that are part of its plan. `nemesis` is the standard of that flag.
void describe_run_flags(FlagSet& flags, const Plan& usual, const std::string& nemesis);
/// What they say, with the nemeses as they are written: "swarm" and "all" are not yet resolved. A
/// seed that is not given is 0.
Plan run_plan_from(const Flags& flags);

/// `usual`, but for what the words say, which stand behind `sunder run`. Throws
/// std::invalid_argument naming the flag.
Plan plan_with(const Plan& usual, const std::vector<std::string>& words);

}  // namespace sunder::harness
