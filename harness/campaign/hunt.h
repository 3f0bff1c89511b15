#pragma once
// A hunt with a budget: a mutant that was not found is hunted on with another seed, until it is
// found or the time is up. The seeds before it determine the next seed.

#include <cstdint>
#include <optional>

#include "node/api/duration.h"
#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

/// The seed of the attempt after `ended`, a run of the campaign that has an outcome. Nothing if it
/// was no hunt, or the last attempt of one.
std::optional<std::uint64_t> seed_of_next_attempt(const results::Campaign& campaign,
                                                  const results::CampaignRun& ended,
                                                  Duration budget);

}  // namespace sunder::harness::campaign
