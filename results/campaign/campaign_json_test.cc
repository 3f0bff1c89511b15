#include "results/campaign/campaign_json.h"

#include <gmock/gmock.h>

#include "results/campaign/sample_runs_test.h"

namespace sunder::results {
namespace {

using checker::Validity;

Campaign varied_campaign() {
  auto campaign =
      campaign_of({judged_run("", 1, Validity::valid), planned_run("A2", 18446744073709551615U),
                   judged_run("A2", 3, Validity::invalid)});
  campaign.shard = 2;
  campaign.shards = 4;
  campaign.seconds = 12.5;
  campaign.vocabulary = {"started", "truncated"};
  campaign.runs[1].known_bad = true;
  campaign.runs[1].outcome->ending = Ending::hung;
  campaign.runs[1].outcome->validity.reset();
  return campaign;
}

TEST(CampaignJson, a_campaign_reads_back_as_it_was_written) {
  const auto campaign = varied_campaign();
  EXPECT_EQ(parse_campaign_json(to_campaign_json(campaign)), campaign);
}

TEST(CampaignJson, what_is_missing_or_wrong_is_named) {
  const auto refusal = [](std::string text, const std::string& part, const std::string& instead) {
    text.replace(text.find(part), part.size(), instead);
    try {
      parse_campaign_json(text);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const auto text = to_campaign_json(varied_campaign());
  EXPECT_THAT(refusal(text, "\"seed\"", "\"sead\""), testing::HasSubstr("runs[0]: member 'seed'"));
  EXPECT_THAT(refusal(text, "\"2/4\"", "\"5/4\""), testing::HasSubstr("member 'shard': '5/4'"));
  EXPECT_THAT(refusal(text, "\"hung\"", "\"hanged\""), testing::HasSubstr("'hanged'"));
  EXPECT_THAT(refusal(text, "{", "["), testing::HasSubstr("this is no campaign.json"));
}

TEST(CampaignJson, a_key_is_a_folders_name_everywhere) {
  auto run = planned_run("A1", 7, "kill:leader,partition");
  run.system = "raft:pre-vote=off";
  EXPECT_EQ(key_of(run), "raft.pre-vote=off-register-kill.leader+partition-A1-7");
  run.canary = true;
  EXPECT_TRUE(key_of(run).starts_with("canary-"));
}

}  // namespace
}  // namespace sunder::results
