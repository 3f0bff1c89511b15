#include "harness/campaign/planned_run.h"

#include <stdexcept>

#include <gmock/gmock.h>

namespace sunder::harness::campaign {
namespace {

results::Campaign with_arguments(const std::vector<std::string>& arguments) {
  results::Campaign campaign;
  campaign.runs.emplace_back().arguments = arguments;
  return campaign;
}

TEST(PlannedRun, is_found_again_in_a_stored_campaign) {
  Plan plan;
  plan.nemeses = {"swarm"};
  plan.rate = 500;
  plan.seed = 7;
  results::Campaign campaign;
  campaign.runs.push_back(planned_run(plan, "raft", "swarm").record);
  EXPECT_EQ(stored_plans(campaign), std::vector{plan});
}

// Before campaigns had plans they wrote every flag, in this order.
TEST(PlannedRun, of_an_older_campaign_is_understood) {
  const auto plans = stored_plans(with_arguments(
      {"--nodes", "3", "--time-limit", "10s", "--nemesis-interval", "2s", "--fail-fast", "--system",
       "raft:pre-vote=off,check-quorum=off", "--workload", "register", "--nemesis",
       "pause,partition", "--mutant", "A1", "--seed", "7"}));
  Plan plan;
  plan.nodes = 3;
  plan.time_limit = std::chrono::seconds(10);
  plan.nemesis_interval = std::chrono::seconds(2);
  plan.fail_fast = true;
  plan.system_options = {{"pre-vote", "off"}, {"check-quorum", "off"}};
  plan.nemeses = {"pause", "partition"};
  plan.mutant = "A1";
  plan.seed = 7;
  EXPECT_EQ(plans, std::vector{plan});
}

TEST(PlannedRun, with_a_flag_that_is_unknown_says_why_the_campaign_cannot_be_resumed) {
  try {
    stored_plans(with_arguments({"--nodes", "3", "--frob"}));
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("cannot be resumed"),
                                             testing::HasSubstr("--frob")));
  }
}

TEST(PlannedRun, that_has_ended_needs_no_flags) {
  auto campaign = with_arguments({"--frob"});
  campaign.runs.front().outcome = results::RunOutcome{};
  EXPECT_EQ(stored_plans(campaign), std::vector{Plan{}});
}

}  // namespace
}  // namespace sunder::harness::campaign
