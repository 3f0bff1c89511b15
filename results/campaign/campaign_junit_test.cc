#include "results/campaign/campaign_junit.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::HasSubstr;

TEST(CampaignJunit, counts_what_is_not_as_it_should_be) {
  auto hung = judged_run("", 5, Validity::valid);
  hung.outcome->ending = Ending::hung;
  const auto text = campaign_junit(
      campaign_of({judged_run("", 1, Validity::valid), judged_run("", 2, Validity::invalid),
                   judged_run("", 3, Validity::unknown), hung, planned_run("", 6),
                   judged_run("A2", 1, Validity::invalid), judged_run("A2", 2, Validity::valid)}));
  EXPECT_THAT(text, HasSubstr(R"(tests="8" failures="1" errors="3" skipped="1")"));
}

TEST(CampaignJunit, a_failure_has_its_seed_and_the_command_that_repeats_it) {
  const auto text = campaign_junit(campaign_of({judged_run("", 2, Validity::invalid)}));
  EXPECT_THAT(text, HasSubstr("seed 2, repeat it with:\nsunder run --seed 2"));
  EXPECT_THAT(text, HasSubstr(R"(message="as it was judged")"));
}

TEST(CampaignJunit, a_system_that_is_known_to_be_bad_fails_when_it_is_missed) {
  auto campaign = campaign_of({});
  campaign.runs = {judged_run("", 1, Validity::valid)};
  campaign.runs.front().known_bad = true;
  EXPECT_THAT(campaign_junit(campaign), HasSubstr(R"(failures="1" errors="0" skipped="0")"));
}

TEST(CampaignJunit, a_missed_canary_is_a_failure) {
  auto campaign = campaign_of({});
  campaign.runs = {canary_that_is(Validity::valid)};
  EXPECT_THAT(campaign_junit(campaign), HasSubstr(R"(failures="1" errors="0" skipped="0")"));
}

}  // namespace
}  // namespace sunder::results
