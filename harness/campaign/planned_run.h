#pragma once
// A run of a campaign: the plan that its process is started with, and the record that campaign.json
// keeps of it.

#include <string>
#include <vector>

#include "harness/plan.h"
#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

struct PlannedRun {
  Plan plan;
  results::CampaignRun record;
  bool operator==(const PlannedRun&) const = default;
};

/// `system` and `nemesis` are the record's names for them, as the user wrote them.
PlannedRun planned_run(Plan plan, std::string system, std::string nemesis);

/// The same run with another seed: the next attempt of a hunt.
PlannedRun with_seed(const PlannedRun& run, std::uint64_t seed);

/// The plans of a stored campaign's runs, by position; those of runs that have an outcome are left
/// empty. Throws std::invalid_argument naming the run whose flags are not understood.
std::vector<Plan> stored_plans(const results::Campaign& campaign);

}  // namespace sunder::harness::campaign
