#pragma once
// When a campaign will be over, from what its runs were expected to take and what those that have
// ended took.

#include <chrono>
#include <span>
#include <string>

#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

/// `running_seconds`: how long each of the runs has been going on that have no outcome yet but were
/// started.
std::chrono::seconds remaining_time(const results::Campaign& campaign,
                                    std::span<const double> running_seconds, unsigned jobs);

/// "45 s", "12 min", "3 h 20 min"
std::string text_of(std::chrono::seconds time);

}  // namespace sunder::harness::campaign
