#include "harness/process/command.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "harness/process/log_tail.h"
#include "testing/temporary_file.h"

namespace sunder::harness {
namespace {

using namespace std::chrono_literals;

struct CommandTest : testing::Test {
  boost::asio::io_context io;
  Watchdog watchdog;
  TemporaryFile log{""};

  CommandEnd end_of(const std::string& script, std::chrono::nanoseconds patience = 30s) {
    std::optional<CommandEnd> end;
    boost::asio::co_spawn(io,
                          run_command(io, watchdog, {"/bin/sh", {"-c", script}, log.path()},
                                      std::chrono::steady_clock::now() + patience),
                          [&](const std::exception_ptr& failure, CommandEnd with) {
                            if (failure) std::rethrow_exception(failure);
                            end = std::move(with);
                          });
    io.restart();
    while (!end) io.run_one();
    return *end;
  }
};

TEST_F(CommandTest, its_output_and_end_are_known_and_its_errors_are_filed) {
  const auto end = end_of("echo one; echo two; echo wrong >&2; exit 3");
  EXPECT_EQ(end.output, "one\ntwo\n");
  EXPECT_EQ(end.how, "exit status 3");
  EXPECT_FALSE(end.succeeded());
  EXPECT_EQ(reason_of(end, log.path()), "exit status 3: wrong");
}

TEST_F(CommandTest, without_errors_its_last_line_is_the_reason) {
  EXPECT_EQ(reason_of(end_of("echo one; echo two; exit 1"), log.path()), "exit status 1: two");
  EXPECT_EQ(reason_of(end_of("exit 1"), log.path()), "exit status 1");
}

TEST_F(CommandTest, one_that_reads_gets_nothing_and_ends) {
  EXPECT_TRUE(end_of("cat").succeeded());
}

TEST_F(CommandTest, one_that_is_not_over_in_time_is_killed_with_its_children) {
  const auto end = end_of("sleep 60 & echo $!; wait", 300ms);
  EXPECT_EQ(end.how, "no end within 0.3 s");
  EXPECT_EQ(end.output.find("exit"), std::string::npos);
}

TEST_F(CommandTest, a_child_that_it_leaves_behind_does_not_keep_it) {
  EXPECT_TRUE(end_of("sleep 60 & exit 0").succeeded());
}

TEST(LogTail, has_the_last_lines_that_are_not_empty) {
  const TemporaryFile log("one\ntwo\n\nthree\n\n");
  EXPECT_EQ(log_tail(log.path()), "three");
  EXPECT_EQ(log_tail(log.path(), 2), "two | three");
  EXPECT_EQ(log_tail("/nowhere/log"), "");
}

}  // namespace
}  // namespace sunder::harness
