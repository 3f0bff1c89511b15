#pragma once
// The end of a campaign: the table to the terminal, its files into its folder, and what a CI system
// wants to hear.

#include <filesystem>
#include <string>

#include "harness/exit_code.h"
#include "results/campaign/campaign_store.h"

namespace sunder::harness::campaign {

/// Where the JUnit file goes besides the campaign's folder; may be empty.
ExitCode conclude(const results::Campaign& campaign, const results::CampaignStore& store,
                  const std::filesystem::path& junit);

}  // namespace sunder::harness::campaign
