#pragma once
// A campaign as JUnit XML, one test case a run. Of the correct node, invalid is a failure and
// unknown an error. For a mutant, invalid is the goal and passes; a mutant that was not found is
// reported as skipped. The canary and known-bad systems fail if no violation is found.

#include <string>

#include "results/campaign/campaign.h"

namespace sunder::results {

std::string campaign_junit(const Campaign& campaign);

}  // namespace sunder::results
