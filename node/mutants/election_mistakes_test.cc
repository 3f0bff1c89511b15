#include <gtest/gtest.h>

#include "node/api/nodes_test.h"
#include "node/mutants/mutated_test.h"

namespace sunder::election_mistakes {
namespace {

using raft::Configuration;
using raft::HardState;
using raft::Message;
using raft::Role;
using raft::Time;

const HardState voted{Term{5}, n2};
const HardState not_voted{Term{5}, std::nullopt};
const Configuration three{{n1, n2, n3}, {}, {}};
const Configuration four{{n1, n2, n3, n4}, {}, {}};

Message of_term(std::uint64_t term, raft::Body body) {
  return {n2, n1, Term{term}, std::move(body)};
}

/// The mutants that forget a vote do so on entering one role, and never on entering another.
void expect_to_forget_only_as(Role wrong, std::string_view id) {
  Mutated mutant(id);
  const auto& hard_state_in = mutant.parts.rules.hard_state_in;
  for (const auto role : {Role::follower, Role::pre_candidate, Role::leader}) {
    EXPECT_EQ(hard_state_in(role, Term{5}, voted, n1), role == wrong ? not_voted : voted);
  }
  EXPECT_EQ(hard_state_in(Role::candidate, Term{6}, voted, n1), (HardState{Term{6}, n1}));
  EXPECT_EQ(hard_state_in(Role::follower, Term{6}, voted, n1), (HardState{Term{6}, std::nullopt}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E1_forgets_the_vote_as_a_follower) {
  expect_to_forget_only_as(Role::follower, "E1");
}

TEST(ElectionMistakes, E2_forgets_the_vote_as_a_pre_candidate) {
  expect_to_forget_only_as(Role::pre_candidate, "E2");
}

TEST(ElectionMistakes, E3_votes_again_after_a_vote_for_node_1) {
  Mutated mutant("E3");
  const auto& may_grant = mutant.parts.rules.may_grant_vote;
  EXPECT_FALSE(may_grant(n2, n3, true));
  EXPECT_FALSE(may_grant(n1, n3, false));
  EXPECT_TRUE(may_grant(std::nullopt, n3, true));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(may_grant(n1, n3, true));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E4_wins_with_one_vote_heard_twice) {
  Mutated mutant("E4");
  const auto& wins = mutant.parts.rules.wins_election;
  EXPECT_TRUE(wins(three, {n1, n2}));
  EXPECT_FALSE(wins(three, {n1}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(wins(three, {n1, n1}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E5_listens_to_stale_votes_only) {
  Mutated mutant("E5");
  const auto& is_stale = mutant.parts.rules.is_stale;
  EXPECT_TRUE(is_stale(of_term(4, raft::AppendReply{}), Term{5}));
  EXPECT_FALSE(is_stale(of_term(5, raft::VoteReply{}), Term{5}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(is_stale(of_term(4, raft::VoteReply{true}), Term{5}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E6_forgets_the_vote_as_a_leader) {
  expect_to_forget_only_as(Role::leader, "E6");
}

TEST(ElectionMistakes, E7_votes_for_a_longer_log_of_an_older_term) {
  Mutated mutant("E7");
  const auto& is_current = mutant.parts.rules.candidate_log_is_current;
  EXPECT_TRUE(is_current(at(3, 5), at(3, 5)));
  EXPECT_FALSE(is_current(at(3, 4), at(3, 5)));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(is_current(at(2, 5), at(3, 4)));
  EXPECT_FALSE(is_current(at(4, 4), at(3, 5)));
  EXPECT_EQ(mutant.reached, 2);
}

TEST(ElectionMistakes, E8_steps_down_for_requests_only) {
  Mutated mutant("E8");
  const auto& is_later = mutant.parts.rules.is_of_later_term;
  EXPECT_TRUE(is_later(of_term(6, raft::AppendEntries{}), Term{5}));
  EXPECT_FALSE(is_later(of_term(5, raft::AppendReply{}), Term{5}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(is_later(of_term(6, raft::AppendReply{}), Term{5}));
  EXPECT_FALSE(is_later(of_term(6, raft::VoteReply{}), Term{5}));
  EXPECT_EQ(mutant.reached, 2);
}

TEST(ElectionMistakes, E9_goes_on_as_a_leader) {
  Mutated mutant("E9");
  const auto& steps_down = mutant.parts.rules.steps_down_in_later_term;
  EXPECT_TRUE(steps_down(Role::candidate));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(steps_down(Role::leader));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E10_needs_two_of_four_and_two_of_three) {
  Mutated mutant("E10");
  const auto& rules = mutant.parts.rules;
  const auto round_of = [](NodeId node) { return static_cast<std::uint64_t>(node.value); };
  const auto heard = [](NodeId node) { return node.value <= 2; };
  EXPECT_TRUE(rules.wins_election(three, {n1, n2}));
  EXPECT_FALSE(rules.wins_election(three, {n1}));
  EXPECT_EQ(rules.quorum_value(three, round_of), 2u);
  EXPECT_FALSE(rules.read_is_confirmed(three, round_of, 3));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(rules.wins_election(four, {n1, n2}));
  EXPECT_TRUE(rules.leader_has_quorum(four, heard));
  EXPECT_EQ(rules.quorum_value(four, round_of), 3u);
  EXPECT_TRUE(rules.read_is_confirmed(four, round_of, 3));
  EXPECT_EQ(mutant.reached, 4);
}

TEST(ElectionMistakes, E11_does_not_wait_for_whom_it_voted_for) {
  Mutated mutant("E11");
  EXPECT_FALSE(mutant.parts.rules.resets_election_timer(false));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(mutant.parts.rules.resets_election_timer(true));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E12_waits_equally_long) {
  Mutated mutant("E12");
  for (const std::uint64_t random : {1, 77, 500'000}) {
    EXPECT_EQ(mutant.parts.rules.election_timeout(Time(1'000'000), random), Time(1'000'000));
  }
  EXPECT_EQ(mutant.reached, 3);
}

TEST(ElectionMistakes, E13_teaches_no_term_by_pre_votes) {
  Mutated mutant("E13");
  const auto& rules = mutant.parts.rules;
  EXPECT_EQ(rules.term_of_refusal(of_term(4, raft::RequestVote{}), Term{5}), Term{5});
  EXPECT_TRUE(rules.is_of_later_term(of_term(6, raft::PreVoteReply{}), Term{5}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(rules.term_of_refusal(of_term(4, raft::PreVote{}), Term{5}), Term{4});
  EXPECT_FALSE(rules.is_of_later_term(of_term(6, raft::PreVote{}), Term{5}));
  EXPECT_EQ(mutant.reached, 2);
}

TEST(ElectionMistakes, E15_stays_though_nobody_is_heard) {
  Mutated mutant("E15");
  const auto& has_quorum = mutant.parts.rules.leader_has_quorum;
  EXPECT_TRUE(has_quorum(three, [](NodeId) { return true; }));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(has_quorum(three, [](NodeId node) { return node == n1; }));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ElectionMistakes, E16_refuses_the_candidate_it_voted_for) {
  Mutated mutant("E16");
  const auto& may_grant = mutant.parts.rules.may_grant_vote;
  EXPECT_TRUE(may_grant(std::nullopt, n3, true));
  EXPECT_FALSE(may_grant(n2, n3, true));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(may_grant(n3, n3, true));
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder::election_mistakes
