// Runs of a small store in Python that store_for_tests.json describes.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto sources = SUNDER_EXAMPLES "/../../harness/driver/described";

struct DescribedRun : SunderProgram {
  nlohmann::json description =
      nlohmann::json::parse(std::ifstream(std::string(sources) + "/store_for_tests.json"));

  /// With `description` as it is by then, and the system's options.
  Finished run(const std::vector<std::string>& more = {}, const std::string& options = {}) const {
    const auto store = std::filesystem::path(sources) / "store_for_tests.py";
    std::filesystem::copy_file(store, folder_ / "store_for_tests.py",
                               std::filesystem::copy_options::overwrite_existing);
    std::ofstream(folder_ / "system.json") << description;
    auto flags = run_flags({"--system", (folder_ / "system.json").string() + options, "--nodes",
                            "3", "--concurrency", "3", "--keys", "2", "--time-limit", "700ms",
                            "--nemesis", "none"});
    flags.insert(flags.end(), more.begin(), more.end());
    return sunder(flags);
  }

  std::string log(const std::string& name) const {
    return read(latest() / "log" / (name + ".log"));
  }
};

TEST_F(DescribedRun, prepares_its_nodes_and_is_set_up_before_its_clients_begin) {
  const auto run = this->run();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err << log("n1") << log("adapter");
  EXPECT_THAT(log("n2"), HasSubstr("the configuration says: cluster n1="));
  EXPECT_THAT(run.out, Not(HasSubstr("nobody called setup")));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(DescribedRun, a_node_that_is_started_again_is_not_prepared_again) {
  const auto schedule = schedule_file(
      R"({"faults": [{"id": 1, "kind": "kill", "target": ["n1"], "at": "200ms",
                      "duration": "100ms", "pick": 1}]})");
  description.erase("ready");
  auto flags = run_flags({"--system", (folder_ / "system.json").string(), "--nodes", "3",
                          "--concurrency", "3", "--time-limit", "1s", "--schedule", schedule});
  std::filesystem::copy_file(std::filesystem::path(sources) / "store_for_tests.py",
                             folder_ / "store_for_tests.py");
  std::ofstream(folder_ / "system.json") << description;
  const auto run = sunder(flags);
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err << log("n1") << log("adapter");
  EXPECT_EQ(nemesis_events("kill").size(), 1U);
}

TEST_F(DescribedRun, its_nodes_have_an_environment_of_their_own) {
  description["environment"] = {{"STORE_NAME", "{node}"}};
  ::setenv("SUNDER_TEST_OF_THE_ENVIRONMENT", "1", 1);
  const auto run = this->run();
  ::unsetenv("SUNDER_TEST_OF_THE_ENVIRONMENT");
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(log("n1"), HasSubstr("STORE_NAME"));
  EXPECT_THAT(log("n1"), Not(HasSubstr("SUNDER_TEST_OF_THE_ENVIRONMENT")));
}

TEST_F(DescribedRun, its_nodes_run_as_the_user_that_it_names) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root's nodes need another user";
  description["user"] = 1000;
  const auto run = this->run();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err << log("n1");
  EXPECT_THAT(log("n1"), HasSubstr("uid: 1000"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(DescribedRun, an_option_reaches_the_command_lines_and_the_plan) {
  const auto run = this->run({}, ":reads=local");
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(log("adapter"), HasSubstr("reads are local"));
  const auto plan = nlohmann::json::parse(std::ifstream(latest() / "plan.json"));
  EXPECT_EQ(plan["system_options"]["reads"], "local");
  EXPECT_THAT(plan["command"].get<std::string>(), HasSubstr("system.json:reads=local"));
}

TEST_F(DescribedRun, an_option_that_it_does_not_have_is_refused) {
  const auto unknown = this->run({}, ":writes=local");
  EXPECT_EQ(unknown.exit_code, 254);
  EXPECT_THAT(unknown.err, HasSubstr("unknown option 'writes'; there are: reads"));
  const auto wrong = this->run({}, ":reads=all");
  EXPECT_EQ(wrong.exit_code, 254);
  EXPECT_THAT(wrong.err, HasSubstr("reads=all is not allowed: local or primary (usually primary)"));
}

TEST_F(DescribedRun, a_node_that_ends_while_it_starts_is_named_with_its_last_words) {
  description["initialise"] = {"sh", "-c", "echo no space left >&2; exit 7"};
  const auto run = this->run();
  EXPECT_EQ(run.exit_code, 255) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("ended while it started: exit status 7 (initialise); the last "
                                 "lines of its log: no space left"));
}

TEST_F(DescribedRun, nodes_that_start_one_by_one_have_the_one_before_them_ready) {
  // Each node leaves a mark when it starts, and looks for that of the one before it.
  description["staggered"] = true;
  description["initialise"] = {
      {"/usr/bin/python3", "{here}/store_for_tests.py", "initialise", "dir={dir}"},
      {"sh", "-c", "test {node} = n1 || test -e {dir}/../up-n$(({number} - 1))"}};
  description["ready"] = {{"command", {"sh", "-c", "sleep 0.2; touch {dir}/../up-{node}"}}};
  const auto run = this->run();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err << log("n1") << log("n2");
}

TEST_F(DescribedRun, a_setup_by_a_command_that_never_succeeds_is_the_end) {
  description["setup"] = {{"command", {"sh", "-c", "echo no majority >&2; exit 1"}}};
  description["startup_timeout"] = "3s";
  const auto run = this->run();
  EXPECT_EQ(run.exit_code, 255);
  EXPECT_THAT(run.err, HasSubstr("the setup of the system did not succeed within 3s: exit status "
                                 "1: no majority"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(DescribedRun, a_process_of_a_node_that_ends_takes_the_node_with_it) {
  description["processes"] = {
      {"helper", {"sh", "-c", "until test -s {dir}/data/log; do sleep 0.05; done; exit 5"}}};
  const auto run = this->run({"--time-limit", "2s"});
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("exit status 5 (helper)"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(DescribedRun,
       roles_that_its_nodes_report_are_filed_and_two_leaders_of_a_term_are_a_violation) {
  description["roles"] = {{"command", {"echo", "leader", "{number}"}}, {"terms", true}};
  const auto valid = this->run();
  EXPECT_EQ(valid.exit_code, 0) << valid.out << valid.err;
  EXPECT_THAT(read(latest() / "roles.jsonl"), HasSubstr(R"("role":"leader")"));
  description["roles"] = {{"command", {"echo", "leader", "1"}}, {"terms", true}};
  std::ofstream(folder_ / "again.json") << description;
  const auto invalid = sunder(run_flags({"--system", (folder_ / "again.json").string(), "--nodes",
                                         "3", "--time-limit", "700ms", "--nemesis", "none"}));
  EXPECT_EQ(invalid.exit_code, 1) << invalid.out << invalid.err;
  EXPECT_THAT(invalid.out, HasSubstr("election safety"));
}

TEST_F(DescribedRun, its_own_verifier_of_files_has_the_last_word) {
  description["files_check"] = {
      {"each", {"sh", "-c", "echo {node} is damaged >&2; test {node} != n2"}}};
  const auto run = this->run();
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("n2: n2 is damaged"));
  EXPECT_THAT(run.out, Not(HasSubstr("n1 is damaged")));
}

TEST_F(DescribedRun, a_check_explains_the_file_and_makes_a_call_of_each_operation) {
  std::filesystem::copy_file(std::filesystem::path(sources) / "store_for_tests.py",
                             folder_ / "store_for_tests.py");
  std::ofstream(folder_ / "system.json") << description;
  const auto checks = (folder_ / "checks").string();
  const auto check = sunder({"system", "check", (folder_ / "system.json").string() + ":reads=local",
                             "--nodes", "2", "--runs-dir", checks});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_THAT(check.out, HasSubstr("{option.reads}         local"));
  EXPECT_THAT(check.out, HasSubstr("all nodes were ready after"));
  EXPECT_THAT(check.out, HasSubstr("register write"));
  EXPECT_THAT(check.out, HasSubstr("register cas"));
  EXPECT_THAT(check.out, HasSubstr("of the first calls of 3 operations, to n1,"));
  EXPECT_TRUE(processes_of_this_test().empty());
  description["start"] = {"sh", "-c", "echo no licence >&2; exit 3"};
  std::ofstream(folder_ / "system.json") << description;
  const auto failed =
      sunder({"system", "check", (folder_ / "system.json").string(), "--runs-dir", checks});
  EXPECT_EQ(failed.exit_code, 1) << failed.out << failed.err;
  EXPECT_THAT(failed.out, HasSubstr("ended: exit status 3; the last lines of its log: no licence"));
}

}  // namespace
}  // namespace sunder::harness
