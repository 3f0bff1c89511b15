#include "harness/serve/growing_lines.h"

#include <fstream>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "testing/temporary_folder.h"

namespace sunder::harness::serve {
namespace {

namespace fs = std::filesystem;

class GrowingLinesTest : public testing::Test {
 protected:
  fs::path path() const { return temporary_.path() / "history.jsonl"; }
  void append(const std::string& text) const { std::ofstream(path(), std::ios::app) << text; }

  const TemporaryFolder temporary_;
};

TEST_F(GrowingLinesTest, lines_are_given_out_once_and_when_they_are_whole) {
  GrowingLines lines(path());
  EXPECT_EQ(lines.next(), "");
  append("one\ntw");
  EXPECT_EQ(lines.next(), "one\n");
  EXPECT_EQ(lines.next(), "");
  append("o\nthree\n");
  EXPECT_EQ(lines.next(), "two\nthree\n");
  EXPECT_EQ(lines.offset(), 14U);
  EXPECT_EQ(GrowingLines(path(), 8).next(), "three\n");
  EXPECT_EQ(GrowingLines(path(), 1000).next(), "");
}

TEST_F(GrowingLinesTest, much_comes_in_steps_and_nothing_is_lost) {
  std::string all;
  for (int i = 0; i < 100'000; ++i) all += std::to_string(i) + '\n';
  const std::string long_line = std::string(1'000'000, 'x') + '\n';
  all += long_line;
  append(all);
  GrowingLines lines(path());
  std::string given;
  int steps = 0;
  for (std::string more = lines.next(); !more.empty(); more = lines.next(), ++steps) given += more;
  EXPECT_TRUE(given == all);
  EXPECT_GT(steps, 2);
}

}  // namespace
}  // namespace sunder::harness::serve
