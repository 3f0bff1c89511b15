#pragma once
// The flag of all commands that carry out several runs at a time.

#include "harness/flags/flags.h"

namespace sunder::harness {

void describe_jobs(FlagSet& flags);

/// A run's nodes, clients and proxy share a core for each run: docs/campaigns.md has the
/// measurement.
unsigned jobs_from(const Flags& flags);

}  // namespace sunder::harness
