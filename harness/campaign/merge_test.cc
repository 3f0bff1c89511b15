#include "harness/campaign/merge.h"

#include <stdexcept>

#include <gmock/gmock.h>

#include "results/campaign/conclusion.h"

namespace sunder::harness::campaign {
namespace {

using testing::HasSubstr;

ShardResult shard(unsigned number) {
  ShardResult result;
  result.folder = "/campaigns/shard-" + std::to_string(number);
  result.campaign.name = "nightly";
  result.campaign.id = "2026112" + std::to_string(9 - number) + "T000000Z";
  result.campaign.spec = "{}";
  result.campaign.shard = number;
  result.campaign.shards = 2;
  result.campaign.matrix_runs = 2;
  result.campaign.seconds = 10 * number;
  result.campaign.jobs = 1;
  auto& run = result.campaign.runs.emplace_back();
  run.seed = number;
  run.outcome.emplace();
  run.outcome->ending = results::Ending::judged;
  run.outcome->validity = checker::Validity::valid;
  run.outcome->faults = 1;
  run.outcome->folder = "runs/a";
  return result;
}

std::string refusal_of(const std::vector<ShardResult>& shards) {
  try {
    joined(shards);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Merge, shards_become_one_campaign_that_finds_their_runs) {
  auto whole = joined({shard(1), shard(2)});
  name_folders_from("/campaigns/whole", whole);
  EXPECT_EQ(whole.runs.size(), 2U);
  EXPECT_EQ(whole.shards, 1U);
  EXPECT_EQ(whole.id, "20261127T000000Z");
  EXPECT_EQ(whole.seconds, 20);
  EXPECT_EQ(whole.jobs, 2U);
  EXPECT_EQ(whole.runs[1].outcome->folder, "../shard-2/runs/a");
  EXPECT_EQ(results::conclusion_of(whole).result, results::CampaignResult::valid);
}

TEST(Merge, what_a_missing_shard_would_have_run_is_missing) {
  const auto conclusion = results::conclusion_of(joined({shard(1)}));
  EXPECT_EQ(conclusion.result, results::CampaignResult::unknown);
  EXPECT_THAT(conclusion.reasons, testing::ElementsAre(HasSubstr("1 of 2 runs")));
}

TEST(Merge, what_does_not_belong_together_is_refused) {
  auto other = shard(2);
  other.campaign.spec = "{\"nodes\":3}";
  EXPECT_THAT(refusal_of({shard(1), other}), HasSubstr("no shards of one campaign"));
  EXPECT_THAT(refusal_of({shard(1), shard(1)}), HasSubstr("both shard 1 of 2"));
  EXPECT_THAT(refusal_of({}), HasSubstr("no shards"));
}

}  // namespace
}  // namespace sunder::harness::campaign
