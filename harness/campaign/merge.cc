#include "harness/campaign/merge.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace sunder::harness::campaign {

using results::Campaign;

namespace {

void require_alike(const ShardResult& first, const ShardResult& other) {
  const bool alike = first.campaign.name == other.campaign.name &&
                     first.campaign.spec == other.campaign.spec &&
                     first.campaign.shards == other.campaign.shards &&
                     first.campaign.matrix_runs == other.campaign.matrix_runs;
  if (alike) return;
  throw std::invalid_argument(fmt::format(
      "{} and {} are no shards of one campaign: their specs or numbers of shards differ",
      first.folder.string(), other.folder.string()));
}

void require_each_once(const std::vector<ShardResult>& shards) {
  std::map<unsigned, std::filesystem::path> seen;
  for (const auto& [folder, campaign] : shards) {
    const auto [known, is_new] = seen.emplace(campaign.shard, folder);
    if (is_new) continue;
    throw std::invalid_argument(fmt::format("{} and {} are both shard {} of {}",
                                            known->second.string(), folder.string(), campaign.shard,
                                            campaign.shards));
  }
}

}  // namespace

Campaign joined(const std::vector<ShardResult>& shards) {
  if (shards.empty()) throw std::invalid_argument("no shards to merge");
  for (const auto& shard : shards) require_alike(shards.front(), shard);
  require_each_once(shards);
  Campaign whole = shards.front().campaign;
  whole.shard = 1;
  whole.shards = 1;
  whole.seconds = 0;
  whole.jobs = 0;
  whole.runs.clear();
  for (const auto& shard : shards) {
    whole.id = std::min(whole.id, shard.campaign.id);
    // They ran side by side.
    whole.seconds = std::max(whole.seconds, shard.campaign.seconds);
    whole.jobs += shard.campaign.jobs;
    for (auto run : shard.campaign.runs) {
      if (run.outcome && !run.outcome->folder.empty()) {
        run.outcome->folder = (shard.folder / run.outcome->folder).string();
      }
      // Each shard counted for itself: their sum is not what all of them saw.
      if (run.outcome) run.outcome->new_states = 0;
      whole.runs.push_back(std::move(run));
    }
  }
  return whole;
}

void name_folders_from(const std::filesystem::path& folder, Campaign& campaign) {
  for (auto& run : campaign.runs) {
    if (!run.outcome || run.outcome->folder.empty()) continue;
    run.outcome->folder =
        std::filesystem::path(run.outcome->folder).lexically_relative(folder).string();
  }
}

}  // namespace sunder::harness::campaign
