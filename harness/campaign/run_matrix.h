#pragma once
// The runs that a spec asks for, in a fixed order. The same spec gives the same runs on every
// machine: shards and --resume depend on that. Names and flags are checked here, before anything is
// started.

#include <vector>

#include "harness/campaign/planned_run.h"
#include "harness/campaign/spec.h"
#include "harness/driver/raft/mutants.h"

namespace sunder::harness::campaign {

/// Seeds are the outermost loop: whatever a campaign has had time for, it has tried everything
/// about equally often. Throws std::invalid_argument naming what is not known. `known` are the
/// mutants there are.
std::vector<PlannedRun> runs_of(const Spec& spec, const std::vector<Mutant>& known);

/// The run that must be found invalid, with that seed.
PlannedRun canary_run(std::uint64_t seed);

}  // namespace sunder::harness::campaign
