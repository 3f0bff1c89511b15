#pragma once
// One of N parts of a campaign, for one of N machines: which runs are whose follows from the runs
// alone, so the machines need not talk to one another.

#include <string_view>
#include <vector>

#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

struct Shard {
  unsigned number = 1;
  unsigned of = 1;
};

/// "2/4". Throws std::invalid_argument.
Shard parse_shard(std::string_view text);

/// The shard's runs, in their order. The longest runs are dealt out first, each to the shard that
/// has least to do: no shard is expected to take longer than another by more than one run.
std::vector<results::CampaignRun> share_of(const Shard& shard,
                                           const std::vector<results::CampaignRun>& runs);

}  // namespace sunder::harness::campaign
