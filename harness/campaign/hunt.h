#pragma once
// A hunt with a budget: a mutant that was not found is hunted on with another seed, until it is
// found or the time is up. Which seed comes next follows from those before.

#include <optional>

#include "node/api/duration.h"
#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

/// What follows on `ended`, a run of the campaign that has an outcome; nothing if it was no hunt,
/// or was the end of one.
std::optional<results::CampaignRun> next_attempt(const results::Campaign& campaign,
                                                 const results::CampaignRun& ended,
                                                 Duration budget);

}  // namespace sunder::harness::campaign
