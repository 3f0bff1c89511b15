#pragma once
// The page that lists runs and campaigns, newest first, with their results and links to their
// files: `sunder serve` serves it at "/". Links lead to "runs/<label>/<file>" and
// "campaigns/<label>/<file>", of a run in progress to "live/<label>".

#include <span>
#include <string>

#include "results/campaign/campaign_list.h"
#include "results/store/run_list.h"

namespace sunder::results {

std::string render_runs_page(std::span<const RunSummary> runs,
                             std::span<const CampaignSummary> campaigns);

}  // namespace sunder::results
