#pragma once
// The flags that say what clients do: --workload, --mix, --reserve, --keys and the like.

#include <map>
#include <string>

#include "harness/flags/flags.h"
#include "harness/plan.h"

namespace sunder::harness {

void describe_workload_flags(FlagSet& flags, const Plan& usual);

/// Fills the plan's part on workloads. Throws std::invalid_argument that names the flag.
void read_workload_flags(const Flags& flags, Plan& plan);

/// "read=5,write=3", as --mix and --reserve take it.
std::string numbers_text(const std::map<std::string, int>& numbers);

/// "100:read=0/50:write=0", as --phases takes it.
std::string phases_text(const std::vector<workloads::Phase>& phases);

/// "500ms/2s", as --bursts takes it; empty if clients never pause.
std::string bursts_text(const Plan& plan);

}  // namespace sunder::harness
