#pragma once
// Joins the shards of one campaign into one again. Nothing of the shards is changed: the whole
// refers to the runs where they are.

#include <filesystem>
#include <vector>

#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

struct ShardResult {
  /// Absolute.
  std::filesystem::path folder;
  results::Campaign campaign;
};

/// The runs' folders are named as the shards' are. What a shard that is not there would have run is
/// missing from the whole, which says so. Throws std::invalid_argument if they are no shards of one
/// campaign, or one is there twice.
results::Campaign joined(const std::vector<ShardResult>& shards);

/// Names the runs' folders from where the campaign stands, so that all can be moved together.
void name_folders_from(const std::filesystem::path& folder, results::Campaign& campaign);

}  // namespace sunder::harness::campaign
