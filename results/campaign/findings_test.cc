#include "results/campaign/findings.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::ElementsAre;
using testing::IsEmpty;

CampaignRun broken(std::string mutant, std::uint64_t seed, std::string property, double at = 4.5) {
  auto run = judged_run(std::move(mutant), seed, Validity::invalid);
  run.outcome->signature->property = std::move(property);
  run.outcome->violation_at = at;
  return run;
}

std::vector<std::string> rows(const std::vector<Finding>& findings) {
  std::vector<std::string> rows;
  for (const auto& finding : findings) {
    rows.push_back(finding.mutant + finding.signature.property + " " +
                   std::to_string(finding.times));
  }
  return rows;
}

TEST(Findings, one_bug_found_often_is_one_row_with_the_quickest_run) {
  std::vector<CampaignRun> runs;
  for (std::uint64_t seed = 0; seed < 95; ++seed) {
    runs.push_back(broken("", seed, "log matching", 9 - static_cast<double>(seed) / 20));
  }
  const auto campaign = campaign_of(runs);
  const auto findings = findings_of(campaign, {});
  EXPECT_THAT(rows(findings), ElementsAre("log matching 95"));
  EXPECT_EQ(campaign.runs[findings.front().example].seed, 94U);
}

TEST(Findings, the_correct_node_comes_first_and_is_never_counted_with_a_mutant) {
  const auto campaign = campaign_of({broken("A2", 1, "log matching"), broken("", 2, "log matching"),
                                     broken("", 3, "log matching")});
  EXPECT_THAT(rows(findings_of(campaign, {})), ElementsAre("log matching 2", "A2log matching 1"));
}

TEST(Findings, the_newest_and_then_the_rarest_come_first) {
  auto earlier = campaign_of({broken("", 1, "log matching")});
  earlier.id = "20261124T000000Z";
  const auto campaign =
      campaign_of({broken("", 1, "log matching"), broken("", 2, "linearizable"),
                   broken("", 3, "linearizable"), broken("", 4, "election safety")});
  const auto findings = findings_of(campaign, std::vector{earlier});
  EXPECT_THAT(rows(findings), ElementsAre("election safety 1", "linearizable 2", "log matching 1"));
  EXPECT_EQ(findings[0].first_seen, campaign.id);
  EXPECT_EQ(findings[2].first_seen, earlier.id);
}

TEST(NeverReached, is_what_was_there_to_be_seen_and_was_not) {
  auto swarm = judged_run("", 1, Validity::valid, "swarm");
  swarm.outcome->injected = {"kill"};
  swarm.outcome->asked = {"kill", "membership"};
  swarm.outcome->events = {"started", "mutant_reached"};
  auto campaign = campaign_of({swarm, judged_run("A3", 1, Validity::valid, "kill:leader,pause")});
  campaign.runs.back().outcome->injected = {"kill"};
  campaign.vocabulary = {"started", "truncated", "mutant_reached"};
  const auto never = never_reached(campaign);
  EXPECT_THAT(never.events, ElementsAre("truncated"));
  EXPECT_THAT(never.faults, ElementsAre("membership", "pause"));
  EXPECT_THAT(never.mutants, ElementsAre("A3"));
}

TEST(SlowestRuns, are_in_order_and_no_more_than_wanted) {
  auto campaign = campaign_of(
      {judged_run("", 1, Validity::valid), judged_run("", 2, Validity::valid), planned_run("", 3)});
  campaign.runs[2].outcome->seconds = 99;
  EXPECT_THAT(slowest_runs(campaign, 2), ElementsAre(2, 0));
  EXPECT_THAT(slowest_runs(Campaign{}, 2), IsEmpty());
}

}  // namespace
}  // namespace sunder::results
