#include "results/campaign/table.h"

#include <gmock/gmock.h>

#include "results/campaign/github.h"
#include "results/campaign/matrix.h"
#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Matrix, has_a_cell_for_each_workload_and_nemesis_of_the_correct_node) {
  auto append = judged_run("", 1, Validity::valid, "kill");
  append.workload = "append";
  const auto matrix = matrix_of(
      campaign_of({judged_run("", 1, Validity::valid), judged_run("", 2, Validity::invalid), append,
                   judged_run("A2", 1, Validity::valid, "delay")}));
  EXPECT_THAT(matrix.columns, ElementsAre("partition", "kill"));
  ASSERT_EQ(matrix.rows.size(), 2U);
  EXPECT_EQ(matrix.rows[0].name, "raft register");
  EXPECT_EQ(text_of(matrix.rows[0].cells[0]), "1 ✕ 1 ✓");
  EXPECT_EQ(text_of(matrix.rows[0].cells[1]), "");
  EXPECT_EQ(text_of(matrix.rows[1].cells[1]), "1 ✓");
}

TEST(Matrix, with_little_in_it_is_told_cell_by_cell) {
  std::vector<CampaignRun> runs;
  for (const std::string one : {"kill", "pause", "delay"}) {
    runs.push_back(judged_run("", 1, Validity::valid, one));
    runs.back().system = "raft:snapshot-every=" + std::to_string(runs.size());
  }
  EXPECT_FALSE(is_sparse(matrix_of(campaign_of({runs[0], runs[1]}))));
  const auto matrix = matrix_of(campaign_of(runs));
  EXPECT_TRUE(is_sparse(matrix));
  EXPECT_EQ(cell_by_cell(matrix)[2],
            (std::vector<std::string>{"raft:snapshot-every=3 register", "delay", "1 ✓"}));
  EXPECT_THAT(campaign_table(campaign_of(runs), {}),
              HasSubstr("  raft:snapshot-every=3 register  delay  1 ✓\n"));
  EXPECT_THAT(github_step_summary(campaign_of(runs), {}),
              HasSubstr("| raft:snapshot-every=2 register | pause | 1 ✓ |\n"));
}

TEST(CampaignTable, a_run_that_is_as_it_should_be_is_one_line) {
  const auto valid = run_line(judged_run("", 3, Validity::valid));
  EXPECT_EQ(valid, "✓ valid    12.0 s  raft register partition seed 3");
  EXPECT_THAT(run_line(judged_run("A2", 3, Validity::invalid)), Not(HasSubstr("\n")));
}

TEST(CampaignTable, a_run_that_is_not_says_why_and_how_to_repeat_it) {
  const auto lines = run_line(judged_run("", 3, Validity::invalid));
  EXPECT_THAT(lines, HasSubstr("\n    as it was judged\n    sunder run --seed 3"));
  EXPECT_THAT(run_line(canary_that_is(Validity::valid)), HasSubstr("sunder run"));
}

TEST(CampaignTable, says_everything_at_the_end) {
  auto campaign =
      campaign_of({judged_run("", 1, Validity::valid, "kill"), judged_run("", 2, Validity::invalid),
                   judged_run("A2", 1, Validity::invalid)});
  campaign.vocabulary = {"truncated"};
  const auto table = campaign_table(campaign, {});
  EXPECT_THAT(table, HasSubstr("  raft register  1 ✓   1 ✕\n"));
  EXPECT_THAT(table, HasSubstr("1× linearizable: client # read #\n     under partition; new\n"));
  EXPECT_THAT(table, HasSubstr("1× mutant A2, linearizable"));
  EXPECT_THAT(table, HasSubstr("mutants, 1 of 1 found"));
  EXPECT_THAT(table, HasSubstr("never reached, events in traces: truncated"));
  EXPECT_THAT(table, HasSubstr("invalid  3 runs: 1 invalid, 1 valid, 1 found"));
  EXPECT_THAT(table, HasSubstr("because 1 run of the correct node: invalid"));
}

TEST(CampaignTable, a_matrix_that_is_wider_than_a_terminal_becomes_a_list) {
  std::vector<CampaignRun> runs;
  for (char kind = 'a'; kind <= 'z'; ++kind) {
    runs.push_back(judged_run("", 1, Validity::valid, std::string(5, kind)));
  }
  const auto table = campaign_table(campaign_of(runs), {});
  EXPECT_THAT(table, HasSubstr("  raft register  ccccc  1 ✓\n"));
}

}  // namespace
}  // namespace sunder::results
