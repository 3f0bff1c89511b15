#include "harness/driver/raft/route.h"

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

// A node that was removed names whoever led when it was; that one follows another by now.
TEST(RaftRoute, somebody_who_names_a_follower_does_not_keep_it_from_the_leader) {
  const std::vector<std::string> five{"a:1", "b:1", "c:1", "d:1", "e:1"};
  RaftRoute route(five, 2);
  EXPECT_TRUE(route.follow(naming("b:1")));
  EXPECT_TRUE(route.follow(naming("e:1")));
  EXPECT_EQ(route.node(), 4u);
}

TEST(RaftRoute, everybody_is_asked_in_turn_whomever_they_name) {
  RaftRoute route(nodes, 0);
  std::set<std::size_t> asked;
  for (int turn = 0; turn < 3; ++turn) {
    asked.insert(route.node());
    if (route.follow(naming("a:1"))) asked.insert(route.node());
    route.go_on();
  }
  EXPECT_EQ(asked.size(), nodes.size());
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
