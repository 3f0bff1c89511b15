// Two commands that want to work in one folder: the second is refused, and named is the process
// that is at work there.

#include <gmock/gmock.h>

#include "harness/sunder_program_test.h"
#include "results/campaign/campaign_json.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SunderTwice : public SunderProgram {
 protected:
  /// Refused because of `holder`.
  void expect_refused(const std::vector<std::string>& words, pid_t holder) const {
    const auto refused = wait_for(start_silently(words));
    EXPECT_EQ(refused.exit_code, 255) << words[0] << read("err-2");
    EXPECT_THAT(read("err-2"), HasSubstr(fmt::format("process {} is at work in", holder)));
  }

  /// Beside one that writes to "out" and "err".
  pid_t start_silently(const std::vector<std::string>& words) const {
    auto script = "exec '" + (programs() / "sunder").string() + "'";
    for (const auto& word : words) script += " '" + word + "'";
    script += " >'" + (folder_ / "out-2").string() + "' 2>'" + (folder_ / "err-2").string() + "'";
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::execl("/bin/bash", "bash", "-c", script.c_str(), nullptr);
    ::_exit(127);
  }
};

TEST_F(SunderTwice, a_campaign_that_is_going_on_is_not_resumed) {
  const auto folder = (folder_ / "campaign").string();
  const pid_t first = start({"campaign", "--folder", folder, "--time-limit", "30s", "--nemeses",
                             "none", "--no-canary", "--seeds", "1..2", "--jobs", "1"});
  while (processes_of_this_test().size() < 3) ::usleep(1000);
  expect_refused({"campaign", "--resume", folder}, first);
  ::kill(first, SIGINT);
  EXPECT_EQ(wait_for(first).exit_code, 2);
  EXPECT_EQ(results::read_campaign(folder).runs.size(), 2U);
}

TEST_F(SunderTwice, a_run_that_is_going_on_is_neither_judged_nor_drawn) {
  const pid_t run = start(run_flags({"--time-limit", "60s", "--nemesis", "none"}));
  await_first_success(run);
  expect_refused({"check", latest().string()}, run);
  expect_refused({"report", latest().string()}, run);
  ::kill(run, SIGINT);
  EXPECT_EQ(wait_for(run).exit_code, 2);
  EXPECT_EQ(sunder({"check", latest().string()}).exit_code, 2);
}

TEST_F(SunderTwice, a_run_is_shrunk_by_one_at_a_time) {
  ASSERT_EQ(sunder(run_flags({"--mutant", "read-without-quorum", "--nemesis", "partition:leader",
                              "--time-limit", "20s", "--nemesis-interval", "2s", "--fail-fast"}))
                .exit_code,
            1);
  const auto run = fs::canonical(latest()).string();
  for (const std::string command : {"shrink", "replay"}) {
    const pid_t first = start({command, run});
    while (!fs::exists(fs::path(run) / (command == "shrink" ? "shrunk" : command) / "trying")) {
      ASSERT_EQ(::waitpid(first, nullptr, WNOHANG), 0) << read("err");
      ::usleep(1000);
    }
    expect_refused({command, run}, first);
    ::kill(first, SIGTERM);
    EXPECT_EQ(wait_for(first).exit_code, 2) << command;
    EXPECT_FALSE(fs::exists(fs::path(run) / "shrunk" / "trying"));
    while (!processes_of_this_test().empty()) ::usleep(1000);
  }
}

}  // namespace
}  // namespace sunder::harness
