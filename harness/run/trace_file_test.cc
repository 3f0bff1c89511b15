#include "harness/run/trace_file.h"

#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

class TraceFileTest : public ::testing::Test {
 protected:
  static void write_line(int pipe) { ASSERT_EQ(::write(pipe, "{}\n", 3), 3); }

  const TemporaryFolder folder_;
  boost::asio::io_context io_;
};

/// Such as a full disk: whoever waits for the end of the trace must not wait for ever.
TEST_F(TraceFileTest, one_that_cannot_be_written_is_finished) {
  int times_finished = 0;
  TraceFile file(
      io_, folder_.path() / "trace",
      [](std::string_view) { throw std::runtime_error("no space left"); },
      [&times_finished] { ++times_finished; });
  const int pipe = file.open_pipe();
  write_line(pipe);
  EXPECT_THROW(io_.run(), std::runtime_error);
  EXPECT_TRUE(file.finished());
  EXPECT_EQ(times_finished, 1);
  io_.restart();
  EXPECT_EQ(io_.run(), 0U);
  ::close(pipe);
}

TEST_F(TraceFileTest, a_read_that_is_under_way_does_not_touch_one_that_is_gone) {
  std::optional<TraceFile> file;
  int lines = 0;
  file.emplace(io_, folder_.path() / "trace", [&lines](std::string_view) { ++lines; });
  const int pipe = file->open_pipe();
  write_line(pipe);
  file.reset();
  io_.run();
  EXPECT_EQ(lines, 0);
  ::close(pipe);
}

}  // namespace
}  // namespace sunder::harness
