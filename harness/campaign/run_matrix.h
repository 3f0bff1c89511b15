#pragma once
// The runs that a spec asks for, in a fixed order: the same spec gives the same runs on every
// machine, which is what shards and resuming stand on. Names are checked here, before anything is
// started.

#include <vector>

#include "harness/campaign/spec.h"
#include "harness/driver/raft/mutants.h"
#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

/// Seeds are the outermost loop: whatever a campaign has had time for, it has tried everything
/// about equally often. Throws std::invalid_argument naming what is not known. `known` are the
/// mutants there are.
std::vector<results::CampaignRun> runs_of(const Spec& spec, const std::vector<Mutant>& known);

/// The run that must be found invalid, with that seed.
results::CampaignRun canary_run(std::uint64_t seed);

}  // namespace sunder::harness::campaign
