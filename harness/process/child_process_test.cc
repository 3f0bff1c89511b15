#include "harness/process/child_process.h"

#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/temporary_file.h"

namespace sunder::harness {
namespace {

struct ChildProcessTest : testing::Test {
  boost::asio::io_context io;
  Watchdog watchdog;
  TemporaryFile log{""};

  // What a shell that carries out `script` says, once it has ended.
  std::string output_of(const std::string& script, ChildProcess::Options options = {}) {
    options.program = "/bin/sh";
    options.arguments = {"-c", script};
    options.log_file = log.path();
    std::string end;
    ChildProcess process(io, watchdog, options, [&end](std::string how) { end = std::move(how); });
    io.run();
    EXPECT_EQ(end, "exit status 0");
    std::ostringstream text;
    text << std::ifstream(log.path()).rdbuf();
    return text.str();
  }
};

TEST_F(ChildProcessTest, inherits_none_of_what_sunder_has_open) {
  std::vector<int> sunders;
  for (int number = 0; number < 40; ++number) sunders.push_back(::open("/etc/passwd", O_RDONLY));
  const auto open = output_of("ls -l /proc/self/fd");
  for (const int descriptor : sunders) ::close(descriptor);
  EXPECT_THAT(open, testing::HasSubstr("/proc/"));
  EXPECT_THAT(open, testing::Not(testing::HasSubstr("passwd")));
}

TEST_F(ChildProcessTest, gets_what_is_handed_over_to_it) {
  const int given = ::open("/etc/passwd", O_RDONLY | O_CLOEXEC);
  ChildProcess::Options options;
  options.inherited = given;
  EXPECT_THAT(output_of("readlink /proc/self/fd/3", options), "/etc/passwd\n");
}

TEST_F(ChildProcessTest, has_no_variable_of_sunders_if_it_shall_not) {
  ChildProcess::Options options;
  options.environment = {{"SUNDER_TEST_ADDED", "1"}};
  options.inherits_environment = false;
  EXPECT_EQ(output_of("/usr/bin/env | /bin/grep -v ^PWD=", options), "SUNDER_TEST_ADDED=1\n");
}

TEST_F(ChildProcessTest, takes_what_is_left_of_its_group_with_it) {
  const auto child = std::stoi(output_of("sleep 60 >/dev/null 2>&1 & echo $!"));
  // It has been killed, and ends as soon as it gets a processor. Its new parent reaps it later.
  const auto stat = "/proc/" + std::to_string(child) + "/stat";
  std::string state;
  do {
    state.clear();
    std::ifstream file(stat);
    std::getline(file, state);
  } while (!state.empty() && state.find(") Z ") == std::string::npos);
}

TEST_F(ChildProcessTest, has_the_environment_of_sunder_and_what_is_added) {
  ::setenv("SUNDER_TEST_OWN", "1", 1);
  ::setenv("SUNDER_TEST_CHANGED", "1", 1);
  ChildProcess::Options options;
  options.environment = {{"SUNDER_TEST_CHANGED", "2"}, {"SUNDER_TEST_NEW", "3"}};
  EXPECT_EQ(output_of("echo $SUNDER_TEST_OWN $SUNDER_TEST_CHANGED $SUNDER_TEST_NEW", options),
            "1 2 3\n");
}

TEST_F(ChildProcessTest, is_not_left_behind_by_a_sunder_whose_watchdog_was_killed) {
  const auto usual = ::signal(SIGPIPE, SIG_IGN);
  ::kill(watchdog.pid(), SIGKILL);
  ASSERT_EQ(::waitpid(watchdog.pid(), nullptr, 0), watchdog.pid());
  EXPECT_THROW(output_of("sleep 1000"), std::system_error);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
  ::signal(SIGPIPE, usual);
}

}  // namespace
}  // namespace sunder::harness
