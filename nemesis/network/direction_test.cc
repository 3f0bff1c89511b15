#include "nemesis/network/direction.h"

#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

TEST(Direction, selects_the_links_of_the_nodes) {
  EXPECT_EQ(links_of(Direction::out, 3, {n2}), (std::set<Link>{{n2, n1}, {n2, n3}}));
  EXPECT_EQ(links_of(Direction::in, 3, {n2}), (std::set<Link>{{n1, n2}, {n3, n2}}));
  EXPECT_EQ(links_of(Direction::both, 3, {n2}).size(), 4u);
  EXPECT_EQ(links_of(Direction::out, 3, {n1, n2, n3}).size(), 6u);
}

TEST(Direction, the_other_ends_of_links_may_be_the_clients) {
  EXPECT_EQ(links_of(Direction::both, 3, {n2}, OtherEnd::clients),
            (std::set<Link>{{n2, all_clients}, {all_clients, n2}}));
  EXPECT_EQ(links_of(Direction::out, 2, {n1}, OtherEnd::all),
            (std::set<Link>{{n1, n2}, {n1, all_clients}}));
}

}  // namespace
}  // namespace sunder::nemesis
