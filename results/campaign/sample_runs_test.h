#pragma once
// Runs and campaigns for tests, in one line each.

#include <string>
#include <utility>

#include "results/campaign/campaign.h"

namespace sunder::results {

inline CampaignRun planned_run(std::string mutant, std::uint64_t seed,
                               std::string nemesis = "partition") {
  CampaignRun run;
  run.system = "raft";
  run.workload = "register";
  run.nemesis = std::move(nemesis);
  run.mutant = std::move(mutant);
  run.seed = seed;
  run.first_seed = seed;
  run.arguments = {"--seed", std::to_string(seed)};
  run.expected_seconds = 10;
  return run;
}

inline CampaignRun judged_run(std::string mutant, std::uint64_t seed, checker::Validity validity,
                              std::string nemesis = "partition") {
  auto run = planned_run(std::move(mutant), seed, std::move(nemesis));
  RunOutcome outcome;
  outcome.ending = Ending::judged;
  outcome.validity = validity;
  outcome.sentence = "as it was judged";
  outcome.seconds = 12;
  outcome.operations = 100;
  outcome.faults = 3;
  outcome.injected = {run.nemesis};
  if (validity == checker::Validity::invalid) {
    outcome.signature = Signature{"linearizable", "client # read #", {"partition"}};
    outcome.violation_at = 4.5;
  }
  run.outcome = outcome;
  return run;
}

inline CampaignRun canary_that_is(checker::Validity validity) {
  auto run = judged_run("A1", 1, validity);
  run.canary = true;
  return run;
}

/// With a canary that was found.
inline Campaign campaign_of(std::vector<CampaignRun> runs) {
  Campaign campaign;
  campaign.name = "nightly";
  campaign.id = "20261125T211500Z";
  campaign.spec = "{}";
  campaign.matrix_runs = runs.size();
  campaign.runs = std::move(runs);
  campaign.runs.insert(campaign.runs.begin(), canary_that_is(checker::Validity::invalid));
  return campaign;
}

}  // namespace sunder::results
