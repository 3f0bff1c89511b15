// Campaigns as a user meets them: real runs, a few seconds each.

#include <algorithm>

#include <gmock/gmock.h>

#include "harness/sunder_program_test.h"
#include "results/campaign/campaign_json.h"
#include "results/campaign/conclusion.h"
#include "results/campaign/table.h"

namespace sunder::harness {
namespace {

using results::Standing;
using testing::HasSubstr;

class SunderCampaign : public SunderProgram {
 protected:
  std::filesystem::path campaign_folder() const { return folder_ / "campaign"; }

  std::vector<std::string> flags_with(std::vector<std::string> more) const {
    std::vector<std::string> flags{"campaign",     "--folder",  campaign_folder().string(),
                                   "--time-limit", "2s",        "--nemesis-interval",
                                   "500ms",        "--nemeses", "kill"};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }

  results::Campaign campaign() const { return results::read_campaign(campaign_folder()); }

  void await_outcomes(pid_t child, std::size_t wanted) const {
    while (!std::filesystem::exists(campaign_folder() / "campaign.json") ||
           results::ended_runs(campaign()) < wanted) {
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << read("err");
      ::usleep(1000);
    }
  }
};

TEST_F(SunderCampaign, the_correct_node_is_valid_and_the_canary_is_found) {
  const auto finished = sunder(flags_with({"--seeds", "1..2", "--jobs", "2"}));
  EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("valid  2 runs: 2 valid"));
  const auto stored = campaign();
  EXPECT_EQ(results::ended_runs(stored), 3U);
  EXPECT_EQ(results::standing_of(stored.runs.front()), Standing::found);
  EXPECT_TRUE(std::filesystem::exists(campaign_folder() / stored.runs.front().outcome->folder /
                                      "report.html"));
  EXPECT_EQ(stored.runs.back().outcome->injected, std::vector<std::string>{"kill"});
  EXPECT_THAT(stored.runs.back().outcome->events, testing::Contains("became_leader"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(SunderCampaign, goes_on_after_ctrl_c_and_after_a_sigkill) {
  pid_t child = start(flags_with({"--seeds", "1..3", "--jobs", "1", "--no-canary"}));
  await_outcomes(child, 1);
  ::kill(child, SIGINT);
  const auto interrupted = wait_for(child);
  EXPECT_EQ(interrupted.exit_code, 2) << interrupted.out << interrupted.err;
  EXPECT_THAT(interrupted.out, HasSubstr("2 of 3 runs did not run"));
  EXPECT_TRUE(processes_of_this_test().empty());
  const auto before = campaign();

  child = start({"campaign", "--resume", campaign_folder().string()});
  await_outcomes(child, 2);
  ::kill(child, SIGKILL);
  EXPECT_EQ(wait_for(child).exit_code, 128 + SIGKILL);
  while (!processes_of_this_test().empty()) ::usleep(1000);

  const auto resumed = sunder({"campaign", "--resume", campaign_folder().string()});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.out << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("no canary"));
  const auto after = campaign();
  EXPECT_EQ(results::ended_runs(after), 3U);
  EXPECT_EQ(after.runs.front().outcome, before.runs.front().outcome);
  EXPECT_GT(after.seconds, before.seconds);

  // How many at a time it was carried out is not for one who only looks at it again to say.
  EXPECT_EQ(sunder({"campaign", "--resume", campaign_folder().string(), "--jobs", "7"}).exit_code,
            0);
  EXPECT_EQ(campaign().jobs, after.jobs);
}

TEST_F(SunderCampaign, a_hung_run_is_killed_and_recorded) {
  const auto finished =
      sunder(flags_with({"--seeds", "1", "--no-canary", "--run-timeout", "500ms"}));
  EXPECT_EQ(finished.exit_code, 255) << finished.out << finished.err;
  EXPECT_EQ(results::standing_of(campaign().runs.front()), Standing::hung);
  while (!processes_of_this_test().empty()) ::usleep(1000);
}

TEST_F(SunderCampaign, a_run_that_cannot_be_carried_out_is_recorded_and_the_rest_goes_on) {
  // Without the node's own program.
  for (const char* program : {"sunder", "sunder-node-mutants"}) {
    std::filesystem::copy_file(programs() / program, folder_ / program);
  }
  const auto finished = wait_for(start(flags_with({"--seeds", "1..2"}), folder_ / "sunder"));
  EXPECT_EQ(finished.exit_code, 255) << finished.out << finished.err;
  const auto stored = campaign();
  EXPECT_EQ(results::number_of(stored, Standing::crashed), 2U);
  EXPECT_EQ(results::standing_of(stored.runs.front()), Standing::crashed);
  EXPECT_THAT(stored.runs.back().outcome->sentence, HasSubstr("exit status 255: sunder: "));
  EXPECT_THAT(stored.runs.back().outcome->sentence, HasSubstr("sunder-node"));
}

TEST_F(SunderCampaign, shards_are_merged) {
  for (const char* number : {"1", "2"}) {
    const auto folder = (folder_ / number).string();
    const auto shard =
        sunder({"campaign", "--folder", folder, "--shard", std::string(number) + "/2", "--nemeses",
                "none,kill", "--seeds", "1", "--time-limit", "1s", "--nemesis-interval", "300ms",
                "--no-canary", "--keep", "all"});
    EXPECT_THAT(shard.out, HasSubstr("shard " + std::string(number) + " of 2")) << shard.err;
  }
  const auto one = (folder_ / "1").string();
  const auto two = (folder_ / "2").string();
  const auto merged = sunder({"campaign", "merge", one, two, "--folder", campaign_folder()});
  EXPECT_EQ(merged.exit_code, 0) << merged.out << merged.err;
  EXPECT_EQ(results::ended_runs(campaign()), 2U);
  for (const auto& run : campaign().runs) {
    EXPECT_TRUE(std::filesystem::exists(campaign_folder() / run.outcome->folder / "report.html"));
  }
  const auto twice = sunder({"campaign", "merge", one, one, "--folder", (folder_ / "3").string()});
  EXPECT_EQ(twice.exit_code, 254) << twice.err;
}

TEST_F(SunderCampaign, what_is_wrong_is_named_in_one_line_before_anything_is_started) {
  std::ofstream(folder_ / "wrong.json") << R"({"nemesis": ["kill"]})";
  std::ofstream(folder_ / "torn.json") << R"({"nemeses": )";
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"--nemeses", "kil"}, "kil"},
      {{"--workloads", "regster"}, "regster"},
      {{"--mutants", "A99"}, "A99"},
      {{"--seeds", "5..1"}, "--seeds"},
      {{"--shard", "3/2"}, "--shard"},
      {{"--jobs", "0"}, "--jobs"},
      {{"--keep", "none"}, "--keep"},
      {{"--resume", "/nonexistent"}, "/nonexistent"},
      {{(folder_ / "wrong.json").string()}, "wrong.json"},
      {{(folder_ / "torn.json").string()}, "torn.json"},
      {{"/nonexistent.json"}, "/nonexistent.json"}};
  for (const auto& [arguments, named] : cases) {
    const auto finished = sunder(flags_with(arguments));
    EXPECT_EQ(finished.exit_code, 254) << named << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(named));
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
    EXPECT_FALSE(std::filesystem::exists(campaign_folder())) << named;
  }
  const auto refused = sunder(flags_with({"--flags=--nonsense", "--no-canary"}));
  EXPECT_EQ(refused.exit_code, 254) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("--nonsense"));
}

}  // namespace
}  // namespace sunder::harness
