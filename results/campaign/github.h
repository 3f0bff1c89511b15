#pragma once
// A campaign as GitHub's runners show it: one annotation for each signature, not for each run, and
// the summary of a step.

#include <span>
#include <string>

#include "results/campaign/campaign.h"

namespace sunder::results {

/// Workflow commands, a line each, for standard output. Empty if nothing is wrong.
std::string github_annotations(const Campaign& campaign, std::span<const Campaign> earlier);

/// Markdown.
std::string github_step_summary(const Campaign& campaign, std::span<const Campaign> earlier);

}  // namespace sunder::results
