#include "harness/driver/described/roles.h"

#include <gtest/gtest.h>

namespace sunder::harness::described {
namespace {

using Role = NodeStatus::Role;

TEST(Roles, are_the_last_line_of_what_a_command_says) {
  EXPECT_EQ(status_in_words("leader 3\n"), (NodeStatus{Role::leader, 3}));
  EXPECT_EQ(status_in_words("warning\nfollower 12\n"), (NodeStatus{Role::follower, 12}));
  EXPECT_EQ(status_in_words("candidate 4"), (NodeStatus{Role::candidate, 4}));
  EXPECT_EQ(status_in_words("leader"), (NodeStatus{Role::leader, 0}));
}

TEST(Roles, anything_else_is_no_role) {
  for (const auto* text : {"", "\n", "master 3", "leader three", "leader -1", "leader 3 4", "3"}) {
    EXPECT_FALSE(status_in_words(text)) << text;
  }
}

Roles at(std::string role, std::string term = {}) {
  Roles roles;
  roles.role = std::move(role);
  roles.term = std::move(term);
  return roles;
}

TEST(Roles, stand_at_a_place_of_an_answer) {
  const std::string answer = R"({"state": {"role": "master", "timeline": 7, "id": "9"}})";
  const std::vector<std::string> leads{"leader", "master"};
  EXPECT_EQ(status_in_json(answer, at("/state/role", "/state/timeline"), leads),
            (NodeStatus{Role::leader, 7}));
  EXPECT_EQ(status_in_json(answer, at("/state/role", "/state/id"), {"leader"}),
            (NodeStatus{Role::follower, 9}));
  EXPECT_EQ(status_in_json(answer, at("/state/role"), leads), (NodeStatus{Role::leader, 0}));
}

TEST(Roles, an_answer_without_role_or_term_says_nothing) {
  EXPECT_FALSE(status_in_json(R"({"role": "leader"})", at("/state"), {"leader"}));
  EXPECT_FALSE(status_in_json(R"({"role": "leader"})", at("/role", "/term"), {"leader"}));
  EXPECT_FALSE(status_in_json(R"({"role": "leader", "term": "x"})", at("/role", "/term"), {}));
  EXPECT_FALSE(status_in_json("<html>", at("/role"), {"leader"}));
}

}  // namespace
}  // namespace sunder::harness::described
