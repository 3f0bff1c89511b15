#pragma once
// The flags --timeout and --memory, which bound a check: reading, deciding, and explaining.

#include "checker/linearizability/linearizable.h"
#include "harness/flags/flags.h"

namespace sunder::harness {

void describe_limit_flags(FlagSet& flags);

/// The time counts from now. Throws std::invalid_argument that names the flag.
checker::LinearizabilityOptions limits_from(const Flags& flags);

}  // namespace sunder::harness
