#pragma once
// One of N parts of a campaign, for one of N machines. The runs alone decide which part has which
// run, so the machines need not communicate.

#include <string_view>
#include <vector>

#include "harness/campaign/planned_run.h"

namespace sunder::harness::campaign {

struct Shard {
  unsigned number = 1;
  unsigned of = 1;
};

/// "2/4". Throws std::invalid_argument.
Shard parse_shard(std::string_view text);

/// The shard's runs, in their order. The longest runs are dealt out first, each to the shard that
/// has least to do: no shard is expected to take longer than another by more than one run.
std::vector<PlannedRun> share_of(const Shard& shard, const std::vector<PlannedRun>& runs);

}  // namespace sunder::harness::campaign
