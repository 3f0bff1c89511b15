#pragma once
// The flags that say what clients do: --workload, --mix, --reserve, --keys and the like.

#include <map>
#include <optional>
#include <string>
#include <string_view>

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

/// "1..4" or "3", as --txn-length takes it; empty if absent.
std::string lengths_text(const std::optional<workloads::Lengths>& lengths);

/// Throws std::invalid_argument that names the flag.
workloads::Lengths lengths_in(std::string_view text);

/// "500ms/2s", as --bursts takes it; empty if clients never pause.
std::string bursts_text(const Plan& plan);

}  // namespace sunder::harness
