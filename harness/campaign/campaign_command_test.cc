// What users give `sunder campaign`, and what becomes of it. No run here injects a fault.

#include <chrono>
#include <fstream>

#include <fmt/chrono.h>
#include <gmock/gmock.h>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

class SunderCampaignCommand : public SunderProgram {
 protected:
  std::vector<std::string> quick(std::vector<std::string> more) const {
    std::vector<std::string> flags{"campaign",    "--folder",     (folder_ / "campaign").string(),
                                   "--nemeses",   "none",         "--nodes",
                                   "1",           "--time-limit", "200ms",
                                   "--no-canary", "--seeds",      "1"};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }
};

TEST_F(SunderCampaignCommand, one_node_without_faults_is_a_campaign) {
  const auto campaign = sunder(quick({}));
  EXPECT_EQ(campaign.exit_code, 0) << campaign.out << campaign.err;
}

TEST_F(SunderCampaignCommand,
       a_campaign_that_begins_in_the_second_of_another_has_a_folder_of_its_own) {
  // The names of all campaigns that begin within the next minute are taken.
  const auto campaigns = folder_ / "campaigns" / "campaign";
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (int second = 0; second < 60; ++second) {
    const auto name = fmt::format(
        "{:%Y%m%dT%H%M%SZ}",
        fmt::gmtime(std::chrono::system_clock::to_time_t(now + std::chrono::seconds(second))));
    fs::create_directories(campaigns / name);
    std::ofstream(campaigns / name / "campaign.json") << "{}";
  }
  const auto campaign =
      sunder({"campaign", "--runs-dir", (folder_ / "campaigns").string(), "--nemeses", "none",
              "--nodes", "1", "--time-limit", "200ms", "--no-canary", "--seeds", "1"});
  EXPECT_EQ(campaign.exit_code, 0) << campaign.out << campaign.err;
  EXPECT_THAT(fs::read_symlink(folder_ / "campaigns" / "latest").string(), EndsWith("Z-2"));
}

TEST_F(SunderCampaignCommand, the_junit_file_keeps_a_link_and_goes_to_a_device) {
  fs::create_directories(folder_ / "there");
  fs::create_symlink("there/junit.xml", folder_ / "link.xml");
  ASSERT_EQ(sunder(quick({"--junit", (folder_ / "link.xml").string()})).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.xml"));
  EXPECT_THAT(read("there/junit.xml"), HasSubstr("<testsuite"));

  fs::remove_all(folder_ / "campaign");
  const auto printed = sunder(quick({"--junit", "/dev/stdout"}));
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("<testsuite"));
  EXPECT_THAT(printed.out, HasSubstr("page: "));

  fs::remove_all(folder_ / "campaign");
  EXPECT_EQ(sunder(quick({"--junit", "/dev/null"})).exit_code, 0);
}

TEST_F(SunderCampaignCommand, a_junit_file_that_cannot_be_written_is_refused_before_any_run) {
  const auto refused = sunder(quick({"--junit", (folder_ / "nowhere" / "junit.xml").string()}));
  EXPECT_EQ(refused.exit_code, 254);
  EXPECT_THAT(refused.err, HasSubstr("nowhere"));
  EXPECT_FALSE(fs::exists(folder_ / "campaign"));
}

TEST_F(SunderCampaignCommand, systems_by_file_are_found_by_any_path) {
  fs::copy_file(fs::path(SUNDER_EXAMPLES) / "etcd.json", folder_ / "a+b.json");
  fs::copy_file(fs::path(SUNDER_EXAMPLES) / "etcd_adapter.py", folder_ / "etcd_adapter.py");
  const auto campaign = sunder(quick({"--systems", (folder_ / "a+b.json").string()}));
  if (campaign.err.find("not installed") != std::string::npos) GTEST_SKIP() << campaign.err;
  EXPECT_EQ(campaign.exit_code, 0) << campaign.out << campaign.err;
}

}  // namespace
}  // namespace sunder::harness
