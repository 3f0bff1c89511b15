#pragma once
// A campaign on a terminal: a line for each run when it ends, and one table at the end.

#include <span>
#include <string>

#include "results/campaign/campaign.h"

namespace sunder::results {

/// How many runs have an outcome, canaries included.
std::size_t ended_runs(const Campaign& campaign);

/// "✓ valid     9.8 s  raft register kill seed 3"; for a bad run also the reason
/// and the command that repeats it.
std::string run_line(const CampaignRun& run);

std::string campaign_table(const Campaign& campaign, std::span<const Campaign> earlier);

}  // namespace sunder::results
