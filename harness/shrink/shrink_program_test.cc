// Replaying and shrinking as a user meets them: real runs of a mutant that forgets its votes, which
// a restart of one that voted shows, and a pause of none.

#include <gmock/gmock.h>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SunderShrink : public SunderProgram {
 protected:
  void fail_once() const {
    const auto schedule = schedule_file(R"({"faults": [
      {"id": 1, "kind": "pause", "target": ["n1"], "at": "50ms", "duration": "100ms", "pick": 1},
      {"id": 2, "kind": "kill", "target": ["n1", "n2", "n3"], "at": "250ms",
       "duration": "100ms", "pick": 2},
      {"id": 3, "kind": "pause", "target": ["n2"], "at": "450ms", "duration": "100ms", "pick": 3},
      {"id": 4, "kind": "pause", "target": ["n3"], "at": "650ms", "duration": "100ms",
       "pick": 4}]})");
    const auto run = sunder(run_flags(
        {"--mutant", "P1", "--nodes", "3", "--time-limit", "1s", "--schedule", schedule}));
    ASSERT_EQ(run.exit_code, 1) << run.out << run.err;
  }

  static nlohmann::json schedule_at(const std::filesystem::path& path) {
    return nlohmann::json::parse(std::ifstream(path))["faults"];
  }
};

TEST_F(SunderShrink, a_failed_run_fails_again_when_it_is_replayed) {
  fail_once();
  const auto again = sunder({"replay", latest().string(), "--times", "2"});
  EXPECT_EQ(again.exit_code, 1) << again.out << again.err;
  EXPECT_THAT(again.out, StartsWith("2 of 2 runs failed the same way\n"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(SunderShrink, of_its_faults_one_kill_is_left_and_ctrl_c_saves_that) {
  fail_once();
  const pid_t child = start({"shrink", latest().string(), "--budget", "1h"});
  const auto faults_left = [state = latest() / "shrunk" / "shrink.json"] {
    const auto json = nlohmann::json::parse(std::ifstream(state), nullptr, false);
    return json.is_object() ? json["best"]["schedule"]["faults"].size() : std::string::npos;
  };
  while (faults_left() > 1) {
    ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << read("err");
    ::usleep(1000);
  }
  ::kill(child, SIGINT);
  const auto interrupted = wait_for(child);
  EXPECT_EQ(interrupted.exit_code, 1) << interrupted.err;
  EXPECT_THAT(interrupted.out, HasSubstr("breaks durability, how often was not measured"));
  EXPECT_THAT(interrupted.out, HasSubstr("the same command continues"));
  EXPECT_TRUE(processes_of_this_test().empty());

  // Its time was up before it began again, so it starts no run.
  const auto resumed = sunder({"shrink", latest().string(), "--budget", "1s"});
  EXPECT_EQ(resumed.exit_code, 1) << resumed.out << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("breaks durability, how often was not measured"));
  EXPECT_THAT(resumed.out, HasSubstr("the time was up"));
  const auto faults = schedule_at(latest() / "shrunk" / "schedule.json");
  ASSERT_EQ(faults.size(), 1U) << resumed.out;
  EXPECT_EQ(faults[0]["kind"], "kill");
  EXPECT_TRUE(std::filesystem::exists(latest() / "shrunk" / "example" / "report.html"));

  // What is kept for ever finds it again.
  const auto regression =
      sunder({"campaign", (latest() / "shrunk" / "regression.json").string(), "--seeds", "5",
              "--no-canary", "--folder", (folder_ / "regression").string()});
  EXPECT_THAT(regression.out, HasSubstr("1 found")) << regression.err;
}

TEST_F(SunderShrink, a_run_that_broke_nothing_is_refused) {
  ASSERT_EQ(
      sunder(run_flags({"--nodes", "1", "--time-limit", "1s", "--nemesis", "none"})).exit_code, 0);
  for (const char* command : {"replay", "shrink"}) {
    const auto refused = sunder({command, latest().string()});
    EXPECT_EQ(refused.exit_code, 254);
    EXPECT_THAT(refused.err, HasSubstr("it broke nothing"));
  }
}

}  // namespace
}  // namespace sunder::harness
