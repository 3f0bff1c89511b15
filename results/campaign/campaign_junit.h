#pragma once
// A campaign as JUnit XML, one test case a run. Of the correct node, invalid is a failure and
// unknown an error. Of a mutant, invalid is what was hoped for and passes; one that got away is
// skipped, because nothing was asked of it; only the canary and systems that are
// known to be bad fail if they are missed.

#include <string>

#include "results/campaign/campaign.h"

namespace sunder::results {

std::string campaign_junit(const Campaign& campaign);

}  // namespace sunder::results
