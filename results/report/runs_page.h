#pragma once
// The page that lists runs and campaigns, newest first, with what each one showed and links to all
// it left: what `sunder serve` answers with at "/". Links lead to "runs/<label>/<file>" and
// "campaigns/<label>/<file>", of a run in progress to "live/<label>".

#include <span>
#include <string>

#include "results/campaign/campaign_list.h"
#include "results/store/run_list.h"

namespace sunder::results {

std::string render_runs_page(std::span<const RunSummary> runs,
                             std::span<const CampaignSummary> campaigns);

}  // namespace sunder::results
