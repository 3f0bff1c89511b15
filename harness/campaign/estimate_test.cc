#include "harness/campaign/estimate.h"

#include <gtest/gtest.h>

namespace sunder::harness::campaign {
namespace {

using namespace std::chrono_literals;

results::CampaignRun run_expected_to_take(double expected) {
  results::CampaignRun run;
  run.expected_seconds = expected;
  return run;
}

results::CampaignRun run_that_took(double expected, double seconds) {
  auto run = run_expected_to_take(expected);
  run.outcome.emplace();
  run.outcome->ending = results::Ending::judged;
  run.outcome->seconds = seconds;
  return run;
}

TEST(Estimate, before_anything_has_ended_is_what_was_expected) {
  results::Campaign campaign;
  campaign.runs = {run_expected_to_take(10), run_expected_to_take(30)};
  EXPECT_EQ(remaining_time(campaign, {}, 1), 40s);
  EXPECT_EQ(remaining_time(campaign, {}, 2), 20s);
}

TEST(Estimate, goes_by_the_pace_so_far) {
  results::Campaign campaign;
  campaign.runs = {run_that_took(10, 15), run_expected_to_take(10), run_expected_to_take(10)};
  EXPECT_EQ(remaining_time(campaign, {}, 1), 30s);
  const std::vector<double> running{6};
  EXPECT_EQ(remaining_time(campaign, running, 1), 24s);
}

TEST(Estimate, a_canary_or_a_hung_run_does_not_change_the_pace) {
  results::Campaign campaign;
  campaign.runs = {run_that_took(10, 1), run_that_took(10, 500), run_expected_to_take(10)};
  campaign.runs[0].canary = true;
  campaign.runs[1].outcome->ending = results::Ending::hung;
  EXPECT_EQ(remaining_time(campaign, {}, 1), 10s);
}

TEST(Estimate, is_never_negative) {
  results::Campaign campaign;
  campaign.runs = {run_expected_to_take(10)};
  const std::vector<double> running{60};
  EXPECT_EQ(remaining_time(campaign, running, 1), 0s);
}

TEST(Estimate, is_said_in_round_figures) {
  EXPECT_EQ(text_of(45s), "45 s");
  EXPECT_EQ(text_of(200s), "3 min");
  EXPECT_EQ(text_of(3h + 20min + 10s), "3 h 20 min");
}

}  // namespace
}  // namespace sunder::harness::campaign
