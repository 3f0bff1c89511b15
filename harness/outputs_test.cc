// Standard streams that are closed, full, or read by nobody; and signals that ask sunder to stop.

#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <signal.h>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class SunderOutputs : public SunderProgram {
 protected:
  /// `$SUNDER` is the program.
  Finished shell(const std::string& script) const {
    const auto words = "SUNDER='" + (programs() / "sunder").string() + "'; " + script;
    return wait_for(start({"-c", words}, "/bin/bash"));
  }

  std::string history(std::string_view answer) const {
    auto path = folder_ / fmt::format("read-{}.jsonl", answer);
    std::ofstream(path) << R"({"process":0,"type":"invoke","f":"write","key":"k","value":1}
{"process":0,"type":"ok","f":"write","key":"k","value":1}
{"process":1,"type":"invoke","f":"read","key":"k","value":null}
{"process":1,"type":"ok","f":"read","key":"k","value":)"
                        << answer << "}\n";
    return path.string();
  }
};

TEST_F(SunderOutputs, a_command_whose_words_are_lost_fails) {
  for (const std::string& command :
       std::vector<std::string>{"list", "--help", "run --help", "check " + history("1")}) {
    const auto full = shell("$SUNDER " + command + " >/dev/full");
    EXPECT_EQ(full.exit_code, 255) << command;
    EXPECT_THAT(full.err, HasSubstr("cannot write to standard output: No space left on device"));
  }
}

TEST_F(SunderOutputs, a_reader_that_has_gone_and_a_closed_output_change_no_exit_code) {
  for (const std::string& how :
       std::vector<std::string>{" | true; exit ${PIPESTATUS[0]}", " >&-", " 2>&-", " >&- 2>&- <&-",
                                " 2>/dev/full", " 2>&1 | head -c 1; exit ${PIPESTATUS[0]}"}) {
    EXPECT_EQ(shell("$SUNDER list" + how).exit_code, 0) << how;
    EXPECT_EQ(shell("$SUNDER list nonsense" + how).exit_code, 254) << how;
    EXPECT_EQ(shell("$SUNDER check " + history("1") + how).exit_code, 0) << how;
    EXPECT_EQ(shell("$SUNDER check " + history("2") + how).exit_code, 1) << how;
  }
}

TEST_F(SunderOutputs, a_run_keeps_its_verdict_and_its_files_whatever_becomes_of_its_outputs) {
  for (const std::string how :
       {" >/dev/full", " >&- 2>&-", " 2>&1 | true; exit ${PIPESTATUS[0]}"}) {
    const auto run = shell("$SUNDER run --seed 1 --time-limit 300ms --nemesis none --runs-dir " +
                           runs().string() + how);
    EXPECT_EQ(run.exit_code, 0) << how << run.err;
    EXPECT_EQ(verdict()["validity"], "valid");
    // What is printed must not end up in a file that the run had open.
    EXPECT_EQ(shell("$SUNDER check " + latest().string() + " >&- 2>&-").exit_code, 0);
    fs::remove_all(runs());
  }
}

TEST_F(SunderOutputs, the_remark_names_the_file_that_has_the_verdict) {
  const auto run = shell("$SUNDER run --seed 1 --time-limit 300ms --nemesis none --runs-dir " +
                         runs().string() + " >/dev/full");
  EXPECT_THAT(run.err, HasSubstr("verdict.json"));
}

TEST_F(SunderOutputs, every_stop_signal_ends_a_simulation_with_what_it_has_and_unknown) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const pid_t child = start({"simulate", "--seeds", "1..100000", "--nemesis", "kill",
                               "--runs-dir", runs().string(), "--jobs", "1"});
    while (processes_of_this_test().empty()) ::usleep(1000);
    ::usleep(300'000);  // At any moment: also before the first seed.
    ::kill(child, signal);
    const auto run = wait_for(child);
    EXPECT_EQ(run.exit_code, 2) << run.out << run.err;
    EXPECT_THAT(run.out + run.err, HasSubstr("interrupted"));
  }
}

TEST_F(SunderOutputs, every_stop_signal_ends_a_campaign_and_leaves_no_process) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const auto folder = folder_ / fmt::format("campaign-{}", signal);
    const pid_t child = start({"campaign", "--folder", folder.string(), "--time-limit", "60s",
                               "--nemeses", "none", "--no-canary"});
    while (processes_of_this_test().size() < 3) {
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << read("err");
      ::usleep(1000);
    }
    ::kill(child, signal);
    const auto campaign = wait_for(child);
    EXPECT_EQ(campaign.exit_code, 2) << campaign.out << campaign.err;
    EXPECT_THAT(campaign.out, HasSubstr("did not run"));
    // The kernel and the watchdog of the run end its nodes.
    while (!processes_of_this_test().empty()) ::usleep(1000);
  }
}

TEST_F(SunderOutputs, serve_ends_well_at_every_stop_signal) {
  fs::create_directories(runs());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const pid_t child = start({"serve", "--runs-dir", runs().string(), "--port", "0"});
    while (read("out").find("http://") == std::string::npos) ::usleep(1000);
    ::kill(child, signal);
    EXPECT_EQ(wait_for(child).exit_code, 0);
    fs::remove(folder_ / "out");
  }
}

TEST_F(SunderOutputs, a_hangup_that_nohup_ignores_stays_ignored) {
  const auto check = shell("cd " + folder_.string() +
                           "; trap '' HUP; $SUNDER serve --port 0 --runs-dir . > urls & "
                           "until [ -s urls ]; do :; done; kill -HUP $!; kill -TERM $!; wait $!");
  EXPECT_EQ(check.exit_code, 0) << check.err;
}

}  // namespace
}  // namespace sunder::harness
