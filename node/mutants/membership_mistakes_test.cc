#include <gtest/gtest.h>

#include "node/api/nodes_test.h"
#include "node/mutants/mutated_test.h"

namespace sunder::membership_mistakes {
namespace {

using raft::Configuration;
using raft::Role;
using raft::Time;
using Voters = std::set<NodeId>;

const Configuration three{{n1, n2, n3}, {}, {}};

TEST(MembershipMistakes, M1_changes_one_voter_at_once_and_before_its_first_commit) {
  Mutated mutant("M1");
  const auto& rules = mutant.parts.rules;
  EXPECT_FALSE(rules.may_change_configuration(log_with({1, 1}), Index{1}, Term{1}, Index{2}));
  EXPECT_TRUE(rules.may_change_configuration(log_with({1, 2}), Index{2}, Term{2}, Index{1}));
  EXPECT_EQ(rules.next_configuration(three, {n1}), (Configuration{{n1}, three.voters, {}}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(rules.next_configuration(three, {n1, n2}), (Configuration{{n1, n2}, {}, {}}));
  EXPECT_TRUE(rules.may_change_configuration(log_with({1, 2}), Index{1}, Term{2}, Index{1}));
  EXPECT_EQ(mutant.reached, 2);
}

TEST(MembershipMistakes, M2_makes_no_joint_configuration) {
  Mutated mutant("M2");
  EXPECT_EQ(mutant.parts.rules.next_configuration(three, {n1}), (Configuration{{n1}, {}, {}}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(MembershipMistakes, M3_starts_with_the_first_voters) {
  Mutated mutant("M3");
  const auto& at_start = mutant.parts.rules.configurations_at_start;
  raft::Restored restored;
  EXPECT_EQ(at_start(three, restored).rbegin()->second, three);
  EXPECT_EQ(mutant.reached, 0);
  restored.entries.push_back(raft::make_entry(at(1, 1), raft::EntryType::configuration,
                                              encode(Configuration{{n1}, {}, {}})));
  EXPECT_EQ(at_start(three, restored).rbegin()->second, three);
  EXPECT_EQ(mutant.reached, 1);
}

TEST(MembershipMistakes, M4_never_keeps_its_leader) {
  Mutated mutant("M4");
  EXPECT_FALSE(mutant.parts.rules.keeps_its_leader(Time(5), Time(5)));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(mutant.parts.rules.keeps_its_leader(Time(4), Time(5)));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(MembershipMistakes, M5_lets_strangers_stand_and_counts_their_votes) {
  Mutated mutant("M5");
  const auto& rules = mutant.parts.rules;
  EXPECT_TRUE(rules.takes_part_in_elections(three, n1));
  EXPECT_FALSE(rules.wins_election(three, {n1}));
  EXPECT_TRUE(rules.wins_election(three, {n1, n2}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(rules.takes_part_in_elections(three, NodeId{4}));
  EXPECT_TRUE(rules.wins_election(three, {n1, NodeId{4}}));
  EXPECT_FALSE(rules.wins_election(three, {NodeId{4}, NodeId{4}}));
  EXPECT_EQ(mutant.reached, 2);
}

TEST(MembershipMistakes, M6_takes_commands_while_it_hands_over) {
  Mutated mutant("M6");
  EXPECT_TRUE(mutant.parts.rules.takes_commands(Role::leader, false));
  EXPECT_FALSE(mutant.parts.rules.takes_commands(Role::follower, false));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(mutant.parts.rules.takes_commands(Role::leader, true));
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder::membership_mistakes
