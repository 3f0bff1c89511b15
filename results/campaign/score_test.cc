#include "results/campaign/score.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::ElementsAre;
using testing::HasSubstr;

/// An attempt of a hunt; each takes 12 s.
CampaignRun attempt(std::string mutant, std::uint64_t first_seed, std::uint64_t seed,
                    Validity validity) {
  auto run = judged_run(std::move(mutant), seed, validity);
  run.first_seed = first_seed;
  return run;
}

TEST(Score, says_how_often_each_mutant_was_reached_and_found_and_by_what) {
  auto missed = judged_run("A2", 2, Validity::valid);
  missed.outcome->events = {"mutant_reached"};
  auto by_traces = judged_run("A2", 3, Validity::invalid);
  by_traces.outcome->signature = Signature{"log matching", "#", {"kill", "partition"}};
  const auto scores = mutant_scores(campaign_of({judged_run("A2", 1, Validity::invalid), missed,
                                                 judged_run("A3", 1, Validity::unknown), by_traces,
                                                 judged_run("", 1, Validity::valid)}));
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].mutant, "A2");
  EXPECT_EQ(scores[0].runs, 3U);
  EXPECT_EQ(scores[0].reached, 1U);
  EXPECT_EQ(scores[0].hunts, 3U);
  EXPECT_EQ(scores[0].found, 2U);
  EXPECT_THAT(scores[0].by, ElementsAre("linearizable", "log matching"));
  EXPECT_THAT(scores[0].faults, ElementsAre("partition", "kill"));
  EXPECT_EQ(scores[1].found, 0U);
}

TEST(Score, a_hunt_takes_as_long_as_all_its_attempts) {
  const auto scores = mutant_scores(
      campaign_of({attempt("A2", 1, 1, Validity::valid), attempt("A2", 1, 1001, Validity::invalid),
                   attempt("A2", 2, 2, Validity::invalid), attempt("A2", 3, 3, Validity::valid)}));
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores[0].hunts, 3U);
  EXPECT_EQ(scores[0].found, 2U);
  EXPECT_EQ(scores[0].median_seconds, 24);
}

TEST(Score, a_hunt_in_vain_has_no_time_and_counts_in_the_median) {
  const auto scores = mutant_scores(
      campaign_of({attempt("A2", 1, 1, Validity::valid), attempt("A2", 2, 2, Validity::invalid),
                   attempt("A2", 3, 3, Validity::valid)}));
  EXPECT_FALSE(scores.at(0).median_seconds);
}

TEST(Score, the_table_says_what_share_was_found_and_what_was_not) {
  const auto table = score_table(
      campaign_of({judged_run("A2", 1, Validity::invalid), judged_run("A3", 1, Validity::valid)}));
  EXPECT_THAT(table, HasSubstr("1 of 2 mutants were found (50 %), 1 of them within 30 s."));
  EXPECT_THAT(table, HasSubstr("| A2 | 1 of 1 | 12 s | linearizable | partition |"));
  EXPECT_THAT(table, HasSubstr("| A3 | 0 of 1 |  | never reached |  |"));
  EXPECT_EQ(score_table(campaign_of({judged_run("", 1, Validity::valid)})), "");
}

}  // namespace
}  // namespace sunder::results
