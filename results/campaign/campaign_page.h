#pragma once
// campaign.html: a campaign as one self-contained page, held against the earlier ones of its name.
// Links lead to the reports of the runs that were kept, from the campaign's folder on.

#include <span>
#include <string>

#include "results/campaign/campaign.h"

namespace sunder::results {

/// `earlier`: the oldest first.
std::string render_campaign_page(const Campaign& campaign, std::span<const Campaign> earlier);

}  // namespace sunder::results
