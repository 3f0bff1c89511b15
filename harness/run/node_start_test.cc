#include "harness/run/node_start.h"

#include <fstream>
#include <optional>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "testing/temporary_file.h"

namespace sunder::harness {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

struct NodeStartTest : testing::Test {
  boost::asio::io_context io;
  Watchdog watchdog;
  TemporaryFile log{""};
  bool is_prepared = false;
  std::optional<std::string> end;

  static Launch shell(const std::string& script, std::string name = {}) {
    Launch launch{"/bin/sh", {"-c", script}};
    launch.name = std::move(name);
    return launch;
  }

  std::unique_ptr<NodeStart> start(Launch launch) {
    return std::make_unique<NodeStart>(
        io, watchdog, std::move(launch), log.path(), -1,
        NodeStart::Callbacks{[this] { is_prepared = true; },
                             [this](const std::string& how) { end = how; }});
  }

  std::string written() const {
    std::ostringstream text;
    text << std::ifstream(log.path()).rdbuf();
    return text.str();
  }

  void await_end() {
    while (!end && io.run_one() > 0) {
    }
  }
};

TEST_F(NodeStartTest, the_preparations_come_one_after_the_other_and_before_the_node) {
  auto launch = shell("echo node");
  launch.preparations = {shell("sleep 0.05; echo first"), shell("echo second")};
  const auto node = start(launch);
  EXPECT_FALSE(is_prepared);
  await_end();
  EXPECT_TRUE(is_prepared);
  EXPECT_EQ(end, "exit status 0");
  EXPECT_EQ(written(), "first\nsecond\nnode\n");
}

TEST_F(NodeStartTest, a_preparation_that_fails_is_named_and_the_node_does_not_start) {
  auto launch = shell("echo node");
  launch.preparations = {shell("exit 3", "initialise")};
  const auto node = start(launch);
  await_end();
  EXPECT_FALSE(is_prepared);
  EXPECT_EQ(end, "exit status 3 (initialise)");
  EXPECT_EQ(written(), "");
}

TEST_F(NodeStartTest, a_program_that_is_missing_after_a_preparation_is_the_end) {
  Launch launch{"/nowhere/program", {}};
  launch.preparations = {shell("true")};
  const auto node = start(launch);
  await_end();
  EXPECT_THAT(end.value_or(""), HasSubstr("cannot start /nowhere/program"));
}

TEST_F(NodeStartTest, if_one_process_ends_the_others_are_killed) {
  auto launch = shell("exec sleep 60");
  launch.beside = {shell("exit 4", "sentinel"), shell("exec sleep 60", "other")};
  const auto node = start(launch);
  EXPECT_EQ(node->pids().size(), 3U);
  await_end();
  EXPECT_EQ(end, "exit status 4 (sentinel)");
  EXPECT_THAT(node->pids(), IsEmpty());
}

TEST_F(NodeStartTest, a_signal_reaches_all_processes_and_each_may_end_in_its_own_time) {
  auto launch = shell("trap 'echo node; exit 0' TERM; echo up; while :; do sleep 0.01; done");
  launch.beside = {shell(
      "trap 'sleep 0.2; echo other; exit 0' TERM; echo up; while :; do sleep 0.01; done", "other")};
  const auto node = start(launch);
  while (written() != "up\nup\n") io.poll();
  node->signal(SIGTERM);
  await_end();
  EXPECT_EQ(end, "exit status 0");
  // The shells may say that the signal ended their `sleep`, too.
  EXPECT_THAT(written(), HasSubstr("node\n"));
  EXPECT_THAT(written(), EndsWith("other\n"));
}

TEST_F(NodeStartTest, a_node_that_is_killed_while_it_is_prepared_does_not_start) {
  auto launch = shell("echo node");
  launch.preparations = {shell("exec sleep 60", "initialise")};
  const auto node = start(launch);
  node->signal(SIGKILL);
  await_end();
  EXPECT_EQ(end, "signal 9 (Killed) (initialise)");
  EXPECT_EQ(written(), "");
}

TEST_F(NodeStartTest, leaves_nothing_when_it_is_destroyed) {
  auto launch = shell("exec sleep 60");
  launch.beside = {shell("exec sleep 60")};
  auto node = start(launch);
  const auto pids = node->pids();
  node.reset();
  for (const auto pid : pids) EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_FALSE(end);
}

}  // namespace
}  // namespace sunder::harness
