#include "results/campaign/conclusion.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CampaignRun run_that(Ending ending, std::string mutant = "") {
  auto run = planned_run(std::move(mutant), 9);
  run.outcome.emplace();
  run.outcome->ending = ending;
  return run;
}

TEST(Conclusion, valid_runs_and_a_found_canary_are_valid) {
  const auto conclusion = conclusion_of(campaign_of({judged_run("", 1, Validity::valid)}));
  EXPECT_EQ(conclusion.result, CampaignResult::valid);
  EXPECT_THAT(conclusion.reasons, IsEmpty());
  EXPECT_THAT(conclusion.remarks, IsEmpty());
  EXPECT_EQ(conclusion.sentence, "1 run: 1 valid");
}

TEST(Conclusion, a_campaign_that_asks_for_no_faults_needs_none) {
  auto run = judged_run("", 1, Validity::valid, "none");
  run.outcome->faults = 0;
  EXPECT_EQ(conclusion_of(campaign_of({run})).result, CampaignResult::valid);
  run.nemesis = "kill";
  EXPECT_EQ(conclusion_of(campaign_of({run})).result, CampaignResult::unknown);
}

TEST(Conclusion, one_invalid_run_of_the_correct_node_is_invalid) {
  const auto conclusion = conclusion_of(
      campaign_of({judged_run("", 1, Validity::valid), judged_run("", 2, Validity::invalid),
                   judged_run("", 3, Validity::unknown)}));
  EXPECT_EQ(conclusion.result, CampaignResult::invalid);
  EXPECT_THAT(conclusion.reasons, ElementsAre(HasSubstr("invalid"), HasSubstr("unknown")));
}

TEST(Conclusion, a_mutant_is_found_by_invalid_and_missed_otherwise_and_neither_is_a_failure) {
  const auto campaign =
      campaign_of({judged_run("", 1, Validity::valid), judged_run("A2", 1, Validity::invalid),
                   judged_run("A3", 1, Validity::valid), judged_run("A4", 1, Validity::unknown)});
  EXPECT_EQ(conclusion_of(campaign).result, CampaignResult::valid);
  EXPECT_EQ(number_of(campaign, Standing::found), 1U);
  EXPECT_EQ(number_of(campaign, Standing::missed), 2U);
}

TEST(Conclusion, a_missed_canary_is_never_valid) {
  auto campaign = campaign_of({judged_run("", 1, Validity::valid)});
  campaign.runs[0] = canary_that_is(Validity::valid);
  const auto conclusion = conclusion_of(campaign);
  EXPECT_EQ(conclusion.result, CampaignResult::unknown);
  EXPECT_THAT(conclusion.reasons, ElementsAre(HasSubstr("canary, the mutant")));
}

TEST(Conclusion, a_system_that_is_known_to_be_bad_must_be_found) {
  auto found = judged_run("", 1, Validity::invalid);
  found.known_bad = true;
  EXPECT_EQ(standing_of(found), Standing::found);
  EXPECT_EQ(conclusion_of(campaign_of({found})).result, CampaignResult::valid);
  for (const auto validity : {Validity::valid, Validity::unknown}) {
    auto missed = judged_run("", 2, validity);
    missed.known_bad = true;
    EXPECT_EQ(standing_of(missed), Standing::missed);
    const auto conclusion = conclusion_of(campaign_of({found, missed}));
    EXPECT_EQ(conclusion.result, CampaignResult::unknown);
    EXPECT_THAT(conclusion.reasons,
                ElementsAre(HasSubstr("is known to be bad, but no violation was found")));
  }
}

TEST(Conclusion, a_campaign_without_a_canary_says_so) {
  auto campaign = campaign_of({judged_run("", 1, Validity::valid)});
  campaign.runs.erase(campaign.runs.begin());
  const auto conclusion = conclusion_of(campaign);
  EXPECT_EQ(conclusion.result, CampaignResult::valid);
  EXPECT_THAT(conclusion.remarks, ElementsAre(HasSubstr("no canary")));
}

TEST(Conclusion, a_campaign_that_ran_nothing_is_unknown) {
  EXPECT_EQ(conclusion_of(campaign_of({})).result, CampaignResult::unknown);
  EXPECT_THAT(conclusion_of(campaign_of({planned_run("", 1)})).reasons,
              ElementsAre(HasSubstr("nothing was run"), HasSubstr("did not run")));
}

TEST(Conclusion, a_campaign_that_injected_nothing_is_unknown) {
  auto run = judged_run("", 1, Validity::valid);
  run.outcome->faults = 0;
  const auto conclusion = conclusion_of(campaign_of({run}));
  EXPECT_EQ(conclusion.result, CampaignResult::unknown);
  EXPECT_THAT(conclusion.reasons, ElementsAre(HasSubstr("nothing was injected")));
}

TEST(Conclusion, an_interrupted_campaign_is_unknown) {
  const auto conclusion =
      conclusion_of(campaign_of({judged_run("", 1, Validity::valid), planned_run("", 2)}));
  EXPECT_EQ(conclusion.result, CampaignResult::unknown);
  EXPECT_EQ(conclusion.sentence, "2 runs: 1 valid, 1 not run");
}

TEST(Conclusion, a_crashed_or_hung_run_is_a_failure_of_sunder_whatever_was_run) {
  for (const char* mutant : {"", "A2"}) {
    for (const auto ending : {Ending::crashed, Ending::hung}) {
      const auto conclusion = conclusion_of(
          campaign_of({judged_run("", 1, Validity::invalid), run_that(ending, mutant)}));
      EXPECT_EQ(conclusion.result, CampaignResult::failed);
      EXPECT_THAT(conclusion.reasons,
                  ElementsAre(HasSubstr("crashed or hung"), HasSubstr("invalid")));
    }
  }
}

}  // namespace
}  // namespace sunder::results
