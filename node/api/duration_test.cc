#include "node/api/duration.h"

#include <gtest/gtest.h>

namespace sunder {
namespace {

using namespace std::chrono_literals;

TEST(Duration, is_read_with_its_unit) {
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("250us"), 250us);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(Duration, without_unit_or_with_anything_else_is_none) {
  for (const char* text : {"", "5", "s", "-1s", "5 s", "5sec", "1e3s", "nan", "infs", "5s ",
                           "99999999999999999999h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, is_written_in_its_largest_whole_unit_and_reads_back) {
  EXPECT_EQ(to_text(30s), "30s");
  EXPECT_EQ(to_text(90s), "90s");
  EXPECT_EQ(to_text(1250ms), "1250ms");
  EXPECT_EQ(to_text(0s), "0s");
  for (Duration duration : {Duration(1), Duration(1001), Duration(1'000'000), Duration(7200s)}) {
    EXPECT_EQ(parse_duration(to_text(duration)), duration);
  }
}

}  // namespace
}  // namespace sunder
