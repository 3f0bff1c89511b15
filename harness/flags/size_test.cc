#include "harness/flags/size.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

TEST(Size, is_a_number_with_a_binary_unit) {
  EXPECT_EQ(parse_size("--memory", "1000"), 1000U);
  EXPECT_EQ(parse_size("--memory", "512MiB"), 512U << 20);
  EXPECT_EQ(parse_size("--memory", "4G"), std::size_t{4} << 30);
}

TEST(Size, refuses_what_is_none) {
  for (const char* text : {"", "0", "GiB", "-1", "4GB", "99999999999999TiB"}) {
    EXPECT_THROW(parse_size("--memory", text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace sunder::harness
