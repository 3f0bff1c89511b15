#include "harness/serve/byte_range.h"

#include <gtest/gtest.h>

namespace sunder::harness::serve {
namespace {

constexpr RangeAnswer part(std::uint64_t first, std::uint64_t length) {
  return {RangeKind::part, {first, length}};
}

TEST(ByteRange, one_range_is_cut_to_the_file) {
  EXPECT_EQ(range_of("bytes=0-0", 10), part(0, 1));
  EXPECT_EQ(range_of("bytes=2-4", 10), part(2, 3));
  EXPECT_EQ(range_of("bytes=2-400", 10), part(2, 8));
  EXPECT_EQ(range_of("bytes=9-", 10), part(9, 1));
  EXPECT_EQ(range_of("bytes=-3", 10), part(7, 3));
  EXPECT_EQ(range_of("bytes=-300", 10), part(0, 10));
  EXPECT_EQ(range_of("bytes=1-18446744073709551615", 10), part(1, 9));
}

TEST(ByteRange, a_range_behind_the_end_is_unsatisfiable) {
  for (const char* header : {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
    EXPECT_EQ(range_of(header, 10).kind, RangeKind::unsatisfiable) << header;
  }
  EXPECT_EQ(range_of("bytes=0-", 0).kind, RangeKind::unsatisfiable);
  EXPECT_EQ(range_of("bytes=-5", 0).kind, RangeKind::unsatisfiable);
}

TEST(ByteRange, what_is_not_one_range_of_bytes_means_the_whole_file) {
  for (const char* header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=4-2", "bytes=a-b", "bytes=0-1,3-4",
        "lines=0-1", "bytes=--1", "bytes=18446744073709551616-", "bytes= 0-1"}) {
    EXPECT_EQ(range_of(header, 10), (RangeAnswer{RangeKind::whole, {0, 10}})) << header;
  }
}

}  // namespace
}  // namespace sunder::harness::serve
