#include "nemesis/network/direction.h"

#include <gtest/gtest.h>

namespace sunder::nemesis {
namespace {

TEST(Direction, selects_the_links_of_the_nodes) {
  EXPECT_EQ(links_of(Direction::out, 3, {2}), (std::set<Link>{{2, 1}, {2, 3}}));
  EXPECT_EQ(links_of(Direction::in, 3, {2}), (std::set<Link>{{1, 2}, {3, 2}}));
  EXPECT_EQ(links_of(Direction::both, 3, {2}).size(), 4u);
  EXPECT_EQ(links_of(Direction::out, 3, {1, 2, 3}).size(), 6u);
}

}  // namespace
}  // namespace sunder::nemesis
