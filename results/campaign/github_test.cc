#include "results/campaign/github.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Github, nothing_is_annotated_where_nothing_is_wrong) {
  EXPECT_THAT(github_annotations(campaign_of({judged_run("", 1, Validity::valid),
                                              judged_run("A2", 1, Validity::invalid)}),
                                 {}),
              IsEmpty());
}

TEST(Github, one_bug_is_one_annotation_in_one_line) {
  auto run = judged_run("", 1, Validity::invalid);
  run.outcome->sentence = "two\nlines, 100%";
  const auto text =
      github_annotations(campaign_of({run, judged_run("", 2, Validity::invalid)}), {});
  EXPECT_THAT(text, HasSubstr("::error title=linearizable violated::two%0Alines, 100%25%0A2 times, "
                              "for instance: sunder run --seed 1\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Github, a_missed_canary_is_annotated) {
  auto campaign = campaign_of({judged_run("", 1, Validity::valid)});
  campaign.runs[0] = canary_that_is(Validity::unknown);
  EXPECT_THAT(github_annotations(campaign, {}), HasSubstr("canary, the mutant"));
}

TEST(Github, the_summary_has_the_matrix_and_what_broke) {
  auto run = judged_run("", 1, Validity::invalid);
  run.outcome->signature->shape = "a | b";
  const auto text = github_step_summary(campaign_of({run}), {});
  EXPECT_THAT(text,
              HasSubstr("| correct node | partition |\n| --- | --- |\n| raft register | 1 ✕ |"));
  EXPECT_THAT(text, HasSubstr("linearizable: a \\| b"));
  EXPECT_THAT(text, HasSubstr("`sunder run --seed 1`"));
  EXPECT_THAT(text, Not(HasSubstr("mutants were found")));
}

}  // namespace
}  // namespace sunder::results
