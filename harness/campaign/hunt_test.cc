#include "harness/campaign/hunt.h"

#include <gtest/gtest.h>

#include "harness/campaign/planned_run.h"
#include "results/campaign/sample_runs_test.h"

namespace sunder::harness::campaign {
namespace {

using namespace std::chrono_literals;
using checker::Validity;
using results::campaign_of;
using results::judged_run;

TEST(Hunt, goes_on_with_another_seed_until_the_mutant_is_found) {
  Plan plan;
  plan.mutant = "A2";
  plan.seed = 7;
  const auto first = planned_run(plan, "raft", "kill");
  auto campaign = campaign_of({first.record});
  campaign.runs.back().outcome = judged_run("A2", 7, Validity::valid).outcome;
  const auto seed = seed_of_next_attempt(campaign, campaign.runs.back(), 1min);
  ASSERT_TRUE(seed);
  EXPECT_NE(*seed, 7U);

  const auto second = with_seed(first, *seed);
  EXPECT_EQ(second.plan.seed, *seed);
  EXPECT_EQ(second.record.first_seed, 7U);
  EXPECT_EQ(second.record.seed, *seed);
  EXPECT_EQ(second.record.arguments.back(), std::to_string(*seed));
  EXPECT_FALSE(second.record.outcome);
  campaign.runs.push_back(second.record);
  campaign.runs.back().outcome = judged_run("A2", 7, Validity::invalid).outcome;
  EXPECT_FALSE(seed_of_next_attempt(campaign, campaign.runs.back(), 1min));
}

TEST(Hunt, ends_when_its_time_is_up) {
  // Each run takes 12 s.
  auto campaign =
      campaign_of({judged_run("A2", 7, Validity::valid), judged_run("A2", 8, Validity::valid)});
  EXPECT_TRUE(seed_of_next_attempt(campaign, campaign.runs.back(), 13s));
  EXPECT_FALSE(seed_of_next_attempt(campaign, campaign.runs.back(), 12s));
}

TEST(Hunt, no_correct_node_and_no_canary_is_hunted_on) {
  auto canary = judged_run("A1", 1, Validity::valid);
  canary.canary = true;
  const auto campaign = campaign_of({judged_run("", 1, Validity::valid), canary});
  for (const auto& run : campaign.runs) EXPECT_FALSE(seed_of_next_attempt(campaign, run, 1min));
}

}  // namespace
}  // namespace sunder::harness::campaign
