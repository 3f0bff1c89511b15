#include "results/campaign/campaign_list.h"

#include <fstream>

#include <gmock/gmock.h>

#include "results/campaign/campaign_store.h"
#include "results/campaign/sample_runs_test.h"
#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"
#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

namespace fs = std::filesystem;
using checker::Validity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CampaignListTest : public testing::Test {
 protected:
  fs::path save(const std::string& id, std::vector<CampaignRun> runs) const {
    Campaign campaign = campaign_of(std::move(runs));
    campaign.id = id;
    const CampaignStore store = CampaignStore::create(folder_ / campaign.name / id);
    store.save(campaign);
    return store.folder();
  }

  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(CampaignListTest, campaigns_are_listed_newest_first_and_once) {
  save("20261125T211500Z", {judged_run("", 1, Validity::valid)});
  save("20261126T211500Z", {judged_run("", 1, Validity::invalid)});
  replace_link(folder_ / "latest", "nightly/20261126T211500Z");
  const auto campaigns = list_campaigns(folder_);
  ASSERT_EQ(campaigns.size(), 2u);
  EXPECT_EQ(campaigns[0].label, "nightly/20261126T211500Z");
  EXPECT_EQ(campaigns[0].started, "2026-11-26 21:15:00");
  EXPECT_EQ(campaigns[0].result, CampaignResult::invalid);
  EXPECT_EQ(campaigns[1].result, CampaignResult::valid);
}

TEST_F(CampaignListTest, a_campaign_says_what_its_runs_have_and_how_far_it_is) {
  const auto folder = save("20261125T211500Z", {judged_run("", 1, Validity::valid, "kill"),
                                                planned_run("", 2, "kill"), planned_run("", 3)});
  std::ofstream(folder / "campaign.html") << "";
  const FolderInUse sign(folder);
  const CampaignSummary campaign = list_campaigns(folder_).at(0);
  EXPECT_EQ(campaign.systems, "raft");
  EXPECT_EQ(campaign.workloads, "register");
  EXPECT_EQ(campaign.nemeses, "partition, kill");
  EXPECT_EQ(campaign.runs, 4u);
  EXPECT_EQ(campaign.carried_out, 2u);
  EXPECT_TRUE(campaign.in_progress);
  EXPECT_THAT(campaign.files, ElementsAre("campaign.html", "campaign.json"));
}

TEST_F(CampaignListTest, a_broken_campaign_is_listed_as_failed) {
  const auto folder = save("20261125T211500Z", {});
  std::ofstream(folder / "campaign.json") << "{";
  const CampaignSummary campaign = list_campaigns(folder_).at(0);
  EXPECT_EQ(campaign.result, CampaignResult::failed);
  EXPECT_THAT(campaign.sentence, HasSubstr("campaign.json"));
}

TEST_F(CampaignListTest, without_the_folder_there_are_none) {
  EXPECT_THAT(list_campaigns(folder_ / "none"), IsEmpty());
}

}  // namespace
}  // namespace sunder::results
