// The program itself, as a user meets it: real nodes, real faults, real files. Times are short and
// nothing is awaited by sleeping: each test waits for the program's end or for a line of its
// output.

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/run/node_disk.h"
#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;

TEST_F(SunderProgram, the_correct_node_is_valid_and_leaves_a_whole_run_folder) {
  const auto run = sunder(run_flags({"--time-limit", "3s", "--nemesis-interval", "1s"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("valid"), std::string::npos) << run.out;
  for (const char* file :
       {"plan.json", "schedule.json", "history.jsonl", "verdict.json", "report.html", "wire.jsonl",
        "disks.jsonl", "trace/n1.jsonl", "trace/n5.jsonl", "log/n1.log"}) {
    EXPECT_TRUE(fs::exists(latest() / file)) << file;
  }
  EXPECT_EQ(verdict()["validity"], "valid");
  EXPECT_GT(verdict()["statistics"]["operations"]["ok"], 0);
  EXPECT_TRUE(processes_of_this_test().empty());

  const auto check = sunder({"check", latest().string()});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
}

TEST_F(SunderProgram, voters_come_and_go_and_leadership_moves_under_load) {
  const auto run = sunder(
      run_flags({"--nemesis", "membership:replace,membership:shrink,transfer", "--system",
                 "raft:snapshot-every=50", "--time-limit", "6s", "--nemesis-interval", "1500ms"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(verdict()["validity"], "valid");
  const auto history = read(latest() / "history.jsonl");
  EXPECT_NE(history.find("\"f\":\"transfer\""), std::string::npos);
  const auto replaced = history.find("\"change\":\"replace\"");
  EXPECT_NE(replaced, std::string::npos);
  EXPECT_NE(history.find("\"f\":\"heal-membership\"", replaced), std::string::npos);
}

TEST_F(SunderProgram, a_node_that_reads_without_a_quorum_is_invalid_and_explained) {
  const auto run =
      sunder(run_flags({"--mutant", "read-without-quorum", "--nemesis", "partition:leader",
                        "--time-limit", "8s", "--nemesis-interval", "2s"}));
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_EQ(verdict()["validity"], "invalid");
  bool explained = false;
  const auto judged = verdict();
  for (const auto& check : judged["checks"]) {
    if (check["counterexample"].is_null()) continue;
    explained = true;
    EXPECT_LE(check["counterexample"]["operations"].size(), 8U);
    EXPECT_FALSE(check["counterexample"]["sentence"].get<std::string>().empty());
  }
  EXPECT_TRUE(explained);
  EXPECT_EQ(sunder({"check", latest().string()}).exit_code, 1);
}

TEST_F(SunderProgram, a_run_that_fails_fast_ends_at_the_first_violation) {
  const auto run =
      sunder(run_flags({"--mutant", "read-without-quorum", "--nemesis", "partition:leader",
                        "--time-limit", "60s", "--nemesis-interval", "2s", "--fail-fast"}));
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_NE(run.err.find("violation at "), std::string::npos) << run.err;
  EXPECT_EQ(verdict()["validity"], "invalid");
}

TEST_F(SunderProgram, frozen_nodes_go_on_with_ctrl_c) {
  const pid_t child = start(
      run_flags({"--mutant", "read-without-quorum", "--nemesis", "partition:leader", "--time-limit",
                 "60s", "--nemesis-interval", "2s", "--fail-fast", "--keep-running"}));
  while (read("err").find("the nodes are frozen") == std::string::npos) {
    ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << read("err");
    ::usleep(1000);
  }
  while (stopped_processes().size() < 5) ::usleep(1000);
  ::kill(child, SIGINT);
  const auto run = wait_for(child);
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(SunderProgram, one_seed_is_one_schedule) {
  sunder(run_flags({"--time-limit", "300ms", "--name", "one"}));
  sunder(run_flags({"--time-limit", "300ms", "--name", "two"}));
  std::vector<std::string> plans;
  for (const char* name : {"one", "two"}) {
    for (const auto& entry : fs::directory_iterator(runs() / name)) {
      auto plan = nlohmann::json::parse(std::ifstream(entry.path() / "plan.json"));
      plan.erase("name");
      plans.push_back(plan.dump());
    }
  }
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_EQ(plans[0], plans[1]);
}

TEST_F(SunderProgram, a_run_without_its_faults_is_not_valid) {
  const auto schedule = schedule_file(R"({"faults":[{"id":1,"kind":"kill","target":"one",
      "at":"0s","duration":"100ms","pick":1,
      "trigger":{"event":"snapshot_installed","within":"200ms"}}]})");
  const auto run = sunder(run_flags({"--time-limit", "500ms", "--schedule", schedule}));
  EXPECT_EQ(run.exit_code, 2) << run.out << run.err;
}

TEST_F(SunderProgram, an_interrupted_run_is_healed_and_judged) {
  const pid_t child = start(run_flags({"--time-limit", "60s", "--nemesis", "none"}));
  await_first_success(child);
  ::kill(child, SIGINT);
  const auto run = wait_for(child);
  EXPECT_EQ(run.exit_code, 2) << run.out << run.err;
  EXPECT_EQ(verdict()["validity"], "unknown");
  EXPECT_EQ(verdict()["sentence"].get<std::string>().rfind("stopped after ", 0), 0U);
  EXPECT_NE(run.out.find(" of 60 s"), std::string::npos) << run.out;
  EXPECT_NE(read(latest() / "plan.json").find("\"stopped_after\""), std::string::npos);
  EXPECT_NE(read(latest() / "report.html").find("stopped after "), std::string::npos);
  EXPECT_TRUE(processes_of_this_test().empty());
  EXPECT_EQ(sunder({"check", latest().string()}).exit_code, 2);
}

TEST_F(SunderProgram, a_run_that_was_interrupted_twice_has_no_verdict) {
  const pid_t child = start(run_flags({"--time-limit", "60s", "--nemesis", "none"}));
  await_first_success(child);
  ::kill(child, SIGTERM);
  ::kill(child, SIGHUP);
  const auto run = wait_for(child);
  EXPECT_EQ(run.exit_code, 2) << run.out << run.err;
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(SunderProgram, what_a_composite_name_drew_need_not_find_a_moment) {
  // So short that some kinds certainly find none.
  const auto run = sunder(run_flags(
      {"--nemesis", "all", "--time-limit", "2s", "--nemesis-interval", "1s", "--seed", "3"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_NE(run.err.find("--nemesis all"), std::string::npos) << run.err;
  EXPECT_NE(read(latest() / "plan.json").find("\"drawn_by\": \"all\""), std::string::npos);
}

TEST_F(SunderProgram, nothing_survives_a_sigkill) {
  const pid_t child = start(run_flags({"--time-limit", "60s"}));
  await_first_success(child);
  EXPECT_GT(processes_of_this_test().size(), 1U);
  ::kill(child, SIGKILL);
  EXPECT_EQ(wait_for(child).exit_code, 128 + SIGKILL);
  // The kernel kills the nodes as sunder dies; this ends as soon as it has.
  while (!processes_of_this_test().empty()) ::usleep(1000);

  const auto check = sunder({"check", latest().string()});
  EXPECT_NE(check.exit_code, 255) << check.err;
}

TEST_F(SunderProgram, clocks_are_set_and_read_back) {
  const auto run = sunder(
      run_flags({"--nemesis", "clock", "--time-limit", "4s", "--nemesis-interval", "700ms"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  std::size_t wrong = 0;
  for (const auto& report : nemesis_events("clock-report")) {
    if (report["rate"] != 1.0 || report["ahead_us"] != 0) ++wrong;
  }
  std::size_t told = 0;
  for (const auto& fault : nemesis_events("clock")) told += fault["targets"].size();
  EXPECT_GT(told, 0U);
  EXPECT_EQ(wrong, told);
}

TEST_F(SunderProgram, leases_do_not_stand_clocks_that_differ_by_more_than_they_allow) {
  // The leader's clock stands almost still: it trusts its lease while others elect another.
  const auto schedule = schedule_file(R"({"faults":[
      {"id":1,"kind":"clock","rate":0.02,"target":"leader","at":"500ms","duration":"3s","pick":1},
      {"id":2,"kind":"partition","shape":"one","target":"leader","at":"600ms","duration":"2500ms",
       "pick":1}]})");
  const auto flags = [&](const char* system) {
    return run_flags({"--system", system, "--time-limit", "4s", "--schedule", schedule});
  };
  EXPECT_EQ(sunder(flags("raft:lease=on")).exit_code, 1);
  const auto judged = verdict();
  for (const auto& check : judged["checks"]) {
    const bool of_clients = check["name"] == "linearizable";
    EXPECT_EQ(check["validity"] == "invalid", of_clients) << check.dump();
  }
  const auto run = sunder(flags("raft:lease=off"));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

class SunderProgramOnFaultyDisks : public SunderProgram {
 protected:
  void SetUp() override {
    SunderProgram::SetUp();
    if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
  }
};

TEST_F(SunderProgramOnFaultyDisks, the_correct_node_is_valid_when_all_lose_power) {
  const auto run = sunder(run_flags(
      {"--nemesis", "power-loss:all", "--time-limit", "4s", "--nemesis-interval", "500ms"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(verdict()["validity"], "valid");
  EXPECT_GE(nemesis_events("disk-report").size(), 5U);
  EXPECT_TRUE(fs::exists(latest() / "data" / "n1" / "log-0000000000000001"));
  EXPECT_TRUE(processes_of_this_test().empty());
  EXPECT_EQ(mounts_of_this_test(), "");
}

TEST_F(SunderProgramOnFaultyDisks, the_verdict_says_what_each_power_loss_cost) {
  const auto run = sunder(run_flags(
      {"--nemesis", "power-loss:names-lost", "--time-limit", "4s", "--nemesis-interval", "1s"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_TRUE(nemesis_events("power-loss").at(0).value("names", "lost") == "lost");
  const auto judged = verdict();
  const auto& checks = judged["checks"];
  const auto losses = std::find_if(checks.begin(), checks.end(),
                                   [](const auto& check) { return check["name"] == "power loss"; });
  ASSERT_NE(losses, checks.end());
  std::size_t nodes = 0;
  for (const auto& loss : nemesis_events("power-loss")) nodes += loss["targets"].size();
  EXPECT_EQ((*losses)["evidence"].size(), nodes);
}

TEST_F(SunderProgramOnFaultyDisks, a_node_that_does_not_sync_is_invalid_when_all_lose_power) {
  const auto run = sunder(run_flags({"--system", "raft:sync=off", "--nemesis", "power-loss:all",
                                     "--time-limit", "4s", "--nemesis-interval", "1s"}));
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_EQ(verdict()["validity"], "invalid");
  std::int64_t lost = 0;
  for (const auto& report : nemesis_events("disk-report")) {
    if (report.contains("bytes")) lost += report["bytes"].get<std::int64_t>();
  }
  EXPECT_GT(lost, 0);
}

TEST_F(SunderProgramOnFaultyDisks, a_node_that_stops_for_its_disk_is_expected_to) {
  for (const char* trouble : {"fail-sync", "full", "full-midway", "flip"}) {
    // Held long enough for a node that starts slowly to read what was damaged.
    const auto run = sunder(run_flags({"--nemesis", std::string("disk:") + trouble, "--time-limit",
                                       "6s", "--nemesis-interval", "6s"}));
    EXPECT_EQ(run.exit_code, 0) << trouble << run.out << run.err;
    EXPECT_FALSE(nemesis_events("stopped").empty()) << trouble;
    EXPECT_TRUE(nemesis_events("crash").empty()) << trouble;
  }
}

TEST_F(SunderProgramOnFaultyDisks, a_slow_disk_delays_and_is_valid) {
  const auto run = sunder(
      run_flags({"--nemesis", "disk:slow", "--time-limit", "3s", "--nemesis-interval", "1s"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  std::int64_t delayed = 0;
  for (const auto& report : nemesis_events("disk-report")) {
    delayed += report.value("delayed", std::int64_t{0});
  }
  EXPECT_GT(delayed, 0);
}

TEST_F(SunderProgramOnFaultyDisks, no_mount_and_no_process_survive_a_sigkill_at_any_moment) {
  const std::vector<fs::path> moments{
      "", "plan.json", "data/n1", "data/n5", "log/disk-n5.log", "trace/n1.jsonl", "log/n5.log"};
  for (const fs::path& moment : moments) {
    const pid_t child =
        start(run_flags({"--nemesis", "power-loss", "--time-limit", "60s", "--name",
                         "until-" + fmt::format("{}", moment.filename().string())}));
    while (!moment.empty() && !fs::exists(latest() / moment)) {
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << read("err");
      ::usleep(100);
    }
    ::kill(child, SIGKILL);
    EXPECT_EQ(wait_for(child).exit_code, 128 + SIGKILL);
    while (!processes_of_this_test().empty()) ::usleep(1000);
    EXPECT_EQ(mounts_of_this_test(), "") << moment;
    fs::remove_all(runs());
  }
  const pid_t child = start(run_flags({"--nemesis", "power-loss", "--time-limit", "60s"}));
  await_first_success(child);
  ::kill(child, SIGKILL);
  EXPECT_EQ(wait_for(child).exit_code, 128 + SIGKILL);
  while (!processes_of_this_test().empty()) ::usleep(1000);
  EXPECT_EQ(mounts_of_this_test(), "");
  EXPECT_TRUE(fs::exists(latest() / "data" / "n1" / "log-0000000000000001"));
}

TEST_F(SunderProgram, faults_of_disks_need_a_program_that_is_named) {
  for (const char* program : {"sunder", "sunder-node"}) {
    fs::copy_file(programs() / program, folder_ / program);
  }
  const auto run = wait_for(start(run_flags({"--nemesis", "power-loss"}), folder_ / "sunder"));
  EXPECT_EQ(run.exit_code, 255);
  EXPECT_NE(run.err.find((folder_ / "sunder-disk").string()), std::string::npos) << run.err;
  EXPECT_FALSE(fs::exists(runs()));
}

TEST_F(SunderProgram, a_torn_last_line_is_lost_evidence_and_said) {
  ASSERT_EQ(sunder(run_flags({"--time-limit", "300ms", "--nemesis", "none"})).exit_code, 0);
  const auto history = latest() / "history.jsonl";
  fs::resize_file(history, fs::file_size(history) - 7);
  const auto check = sunder({"check", latest().string()});
  EXPECT_NE(check.err.find("history.jsonl"), std::string::npos) << check.err;
  EXPECT_EQ(check.exit_code, 2) << check.err;
  const nlohmann::json linearizable = verdict()["checks"][0];
  EXPECT_EQ(linearizable["validity"], "unknown");
  EXPECT_THAT(linearizable["message"].get<std::string>(), testing::HasSubstr("history.jsonl"));
}

TEST_F(SunderProgram, flags_that_only_the_node_can_refuse_are_bad_arguments_too) {
  const auto run = sunder(run_flags({"--mutant", "P8", "--time-limit", "300ms"}));
  EXPECT_EQ(run.exit_code, 254) << run.err;
  EXPECT_NE(run.err.find("refuses its flags"), std::string::npos) << run.err;
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(SunderProgram, a_run_whose_folder_may_only_be_read_is_judged) {
  ASSERT_EQ(sunder(run_flags({"--time-limit", "300ms", "--nemesis", "none"})).exit_code, 0);
  const auto inside = fmt::format(
      "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' && "
      "exec '{1}' check '{2}'",
      runs().string(), (programs() / "sunder").string(), latest().string());
  const auto check = wait_for(start({"-rm", "/bin/bash", "-c", inside}, "/usr/bin/unshare"));
  if (check.err.find("unshare") != std::string::npos) GTEST_SKIP() << check.err;
  EXPECT_EQ(check.exit_code, 0) << check.err;
  EXPECT_NE(check.out.find("valid"), std::string::npos);
  EXPECT_NE(check.err.find("not stored"), std::string::npos) << check.err;
}

TEST_F(SunderProgram, a_byte_order_mark_before_a_history_is_skipped) {
  for (const std::string text : {R"({"process":0,"type":"invoke","f":"write","key":"k","value":1})"
                                 "\n"
                                 R"({"process":0,"type":"ok","f":"write","key":"k","value":1})",
                                 "{:process 0, :type :invoke, :f :write, :value 1}\n"
                                 "{:process 0, :type :ok, :f :write, :value 1}"}) {
    std::ofstream(folder_ / "history") << "\xef\xbb\xbf" << text << "\n";
    const auto check = sunder({"check", (folder_ / "history").string()});
    EXPECT_EQ(check.exit_code, 0) << check.err;
  }
}

TEST_F(SunderProgram, no_words_of_a_library_reach_the_user) {
  const auto folder = folder_ / "broken";
  fs::create_directories(folder);
  for (const char* text : {"", "{", "{}", "[]", "null", "7", "\"x\"", R"({"name": 3})"}) {
    for (const char* file : {"plan.json", "verdict.json", "campaign.json", "history.jsonl"}) {
      std::ofstream(folder / file) << text;
    }
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"check", folder.string()},
             {"report", folder.string()},
             {"shrink", folder.string()},
             {"replay", folder.string()},
             {"campaign", "--resume", folder.string()},
             {"campaign", "merge", folder.string()},
             {"campaign", (folder / "plan.json").string(), "--nemeses", "nonsense"},
             {"run", "--schedule", (folder / "plan.json").string()},
             {"run", "--system", (folder / "plan.json").string()}}) {
      const auto refused = sunder(words);
      EXPECT_EQ(refused.exit_code, 254) << words[0] << " " << text << ": " << refused.err;
      EXPECT_EQ(refused.err.find("json.exception"), std::string::npos) << refused.err;
    }
  }
}

TEST_F(SunderProgram, a_garbage_history_is_refused_with_its_line) {
  std::ofstream(folder_ / "garbage.jsonl")
      << R"({"process":0,"type":"invoke","f":"read","key":"k"})"
      << "\n{what?}\n\n";
  const auto check = sunder({"check", (folder_ / "garbage.jsonl").string()});
  EXPECT_EQ(check.exit_code, 254);
  EXPECT_NE(check.err.find("garbage.jsonl:2:"), std::string::npos) << check.err;
  EXPECT_EQ(check.out, "");
}

TEST_F(SunderProgram, wrong_arguments_are_named_in_one_line) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"rum"}, "rum"},
      {{"run", "--nonsense"}, "--nonsense"},
      {{"run", "--workload", "nonsense"}, "nonsense"},
      {{"run", "--system", "nonsense"}, "nonsense"},
      {{"run", "--nemesis", "kill,nonsense"}, "nonsense"},
      {{"run", "--mutant", "nonsense"}, "nonsense"},
      {{"run", "--nodes", "0"}, "--nodes"},
      {{"run", "--nodes", "five"}, "five"},
      {{"run", "--concurrency", "1000000"}, "--concurrency"},
      {{"run", "--time-limit", "30"}, "--time-limit"},
      {{"run", "--seed", "-1"}, "--seed"},
      {{"run", "--nemesis="}, "--nemesis"},
      {{"run", "--mutant="}, "--mutant"},
      {{"run", "--name", "../x"}, "../x"},
      {{"run", "--name", "latest"}, "latest"},
      {{"run", "--name", "a\x1b[31mb"}, "name"},
      {{"run", "--system", "etcd", "--mutant", "A1"}, "--mutant"},
      {{"run", "--system", "maelstrom"}, "--bin"},
      {{"run", "--system", "maelstrom", "--bin", "./nothing"}, "./nothing"},
      {{"run", "--system", "raft:segment-bytes=1"}, "segment-bytes"},
      {{"simulate", "--name", "../x"}, "../x"},
      {{"simulate", "--nemesis="}, "--nemesis"},
      {{"campaign", "--name", "../x"}, "../x"},
      {{"campaign", "--systems", "etcd", "--mutants", "A1"}, "--mutant"},
      {{"campaign", "--junit", "/nonexistent/junit.xml"}, "/nonexistent"},
      {{"campaign", "--junit", "/"}, "/"},
      {{"run", "--schedule", "/nonexistent.json"}, "/nonexistent.json"},
      {{"run", "extra"}, "extra"},
      {{"check"}, "check"},
      {{"check", "/nonexistent"}, "/nonexistent"},
      {{"report", "/nonexistent"}, "/nonexistent"},
      {{"list", "nonsense"}, "nonsense"}};
  for (const auto& [arguments, named] : cases) {
    auto words = arguments;
    if (words[0] == "run" || words[0] == "campaign" || words[0] == "simulate")
      words.insert(words.end(), {"--runs-dir", runs().string()});
    const auto finished = sunder(words);
    EXPECT_EQ(finished.exit_code, 254) << finished.err;
    EXPECT_NE(finished.err.find(named), std::string::npos) << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
    EXPECT_FALSE(fs::exists(runs())) << named;
  }
}

TEST_F(SunderProgram, an_unwritable_runs_folder_is_the_environments_failure) {
  std::ofstream(folder_ / "file") << "not a folder";
  const auto run = sunder({"run", "--runs-dir", (folder_ / "file" / "runs").string()});
  EXPECT_EQ(run.exit_code, 255) << run.err;
  EXPECT_NE(run.err.find("file/runs"), std::string::npos) << run.err;
}

TEST_F(SunderProgram, a_missing_node_program_is_named) {
  fs::copy_file(programs() / "sunder", folder_ / "sunder");
  const auto run = wait_for(start(run_flags({}), folder_ / "sunder"));
  EXPECT_EQ(run.exit_code, 255);
  EXPECT_NE(run.err.find((folder_ / "sunder-node").string()), std::string::npos) << run.err;
}

TEST_F(SunderProgram, help_says_what_each_flag_takes_and_shows_no_empty_default) {
  for (const char* command :
       {"run", "campaign", "replay", "shrink", "check", "report", "serve", "list"}) {
    const auto help = sunder({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << help.err;
    EXPECT_NE(help.out.find("--help"), std::string::npos) << command;
    EXPECT_EQ(help.out.find("(default: \"\")"), std::string::npos) << help.out;
    EXPECT_EQ(help.out.find(" arg "), std::string::npos) << help.out;
  }
}

TEST_F(SunderProgram, lists_a_mutant_in_a_line_or_at_length) {
  const auto lines = sunder({"list", "mutants"});
  const auto blocks = sunder({"list", "mutants", "--long"});
  EXPECT_NE(lines.out.find("\n  A1    read-without-quorum"), std::string::npos) << lines.out;
  EXPECT_EQ(lines.out.find("sunder run"), std::string::npos) << lines.out;
  EXPECT_NE(blocks.out.find("\n    command   sunder run --mutant A1 "), std::string::npos);
  for (const auto& out : {lines.out, blocks.out}) {
    std::istringstream in(out);
    for (std::string line; std::getline(in, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST_F(SunderProgram, lists_what_there_is) {
  const auto list = sunder({"list"});
  EXPECT_EQ(list.exit_code, 0);
  for (const char* name :
       {"raft", "register", "kill", "pause", "partition", "A1", "A7", "P1", "R1"}) {
    EXPECT_NE(list.out.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace sunder::harness
