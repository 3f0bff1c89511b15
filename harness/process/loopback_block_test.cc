#include "harness/process/loopback_block.h"

#include <set>

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

TEST(LoopbackBlock, two_claims_never_share_an_address) {
  const LoopbackBlock one;
  const LoopbackBlock two;
  const LoopbackBlock three;
  const std::set<std::string> addresses{one.address(1), two.address(1), three.address(1)};
  EXPECT_EQ(addresses.size(), 3U);
}

TEST(LoopbackBlock, is_loopback_but_not_the_machines_own_part) {
  const LoopbackBlock block;
  EXPECT_EQ(block.address(7).substr(0, 4), "127.");
  EXPECT_NE(block.address(7).substr(0, 6), "127.0.");
  EXPECT_EQ(block.address(7).substr(block.address(7).rfind('.')), ".7");
}

}  // namespace
}  // namespace sunder::harness
