#include "harness/driver/raft_route.h"

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

client_protocol::Reply naming(const char* leader) {
  client_protocol::Reply reply;
  reply.leader = leader;
  return reply;
}

const std::vector<std::string> nodes{"a:1", "b:1", "c:1"};

TEST(RaftRoute, goes_to_the_leader_that_is_named) {
  RaftRoute route(nodes, 0);
  EXPECT_TRUE(route.follow(naming("c:1")));
  EXPECT_EQ(route.node(), 2u);
}

TEST(RaftRoute, two_nodes_that_name_each_other_do_not_hold_it) {
  RaftRoute route(nodes, 0);
  EXPECT_TRUE(route.follow(naming("b:1")));
  EXPECT_FALSE(route.follow(naming("a:1")));
  route.go_on();
  EXPECT_EQ(route.node(), 2u);
  EXPECT_TRUE(route.follow(naming("a:1")));
}

TEST(RaftRoute, who_names_nobody_itself_or_a_stranger_leads_nowhere) {
  RaftRoute route(nodes, 1);
  EXPECT_FALSE(route.follow({}));
  EXPECT_FALSE(route.follow(naming("b:1")));
  EXPECT_FALSE(route.follow(naming("x:1")));
  EXPECT_EQ(route.node(), 1u);
}

TEST(RaftRoute, comes_round_to_the_first) {
  RaftRoute route(nodes, 2);
  route.go_on();
  EXPECT_EQ(route.node(), 0u);
}

}  // namespace
}  // namespace sunder::harness
