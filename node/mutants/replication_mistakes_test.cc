#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"

namespace sunder {
namespace {

TEST(ReplicationMistakes, R1_looks_only_at_the_index_before_the_entries) {
  Mutated mutant("R1");
  const auto& matches = mutant.parts.rules.entry_matches;
  EXPECT_TRUE(matches(log_with({1}), at(1, 1)));
  EXPECT_FALSE(matches(log_with({1}), at(1, 2)));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(matches(log_with({1}), at(2, 1)));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R2_cuts_at_the_first_entry_of_every_message) {
  Mutated mutant("R2");
  const auto& first_conflict = mutant.parts.rules.first_conflict;
  EXPECT_EQ(first_conflict(log_with({1}), {command_at(1, 2)}), Index{2});
  EXPECT_EQ(first_conflict(log_with({1}), {}), std::nullopt);
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(first_conflict(log_with({1, 1, 1}), {command_at(1, 2)}), Index{2});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R3_misses_what_the_snapshot_holds) {
  Mutated mutant("R3");
  const auto& first_conflict = mutant.parts.rules.first_conflict;
  const auto log = log_with({2}, at(1, 4));
  EXPECT_EQ(first_conflict(log, {command_at(2, 5)}), std::nullopt);
  EXPECT_EQ(first_conflict(log, {command_at(3, 5)}), Index{5});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(first_conflict(log, {command_at(1, 3), command_at(1, 4)}), Index{3});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R4_commits_an_older_term_by_counting) {
  Mutated mutant("R4");
  const auto& commits = mutant.parts.rules.leader_commit_index;
  EXPECT_EQ(commits(log_with({1, 2}), Index{0}, Index{2}, Term{2}), Index{2});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(commits(log_with({1, 2}), Index{0}, Index{2}, Term{3}), Index{2});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R5_commits_behind_what_was_verified) {
  Mutated mutant("R5");
  const auto& commits = mutant.parts.rules.follower_commit_index;
  EXPECT_EQ(commits(log_with({1, 1, 1}), Index{1}, Index{3}, Index{3}), Index{3});
  EXPECT_EQ(commits(log_with({1, 1, 1}), Index{2}, Index{1}, Index{1}), Index{2});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(commits(log_with({1, 1, 1}), Index{0}, Index{9}, Index{1}), Index{3});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R6_acknowledges_the_end_of_its_log) {
  Mutated mutant("R6");
  const auto& match = mutant.parts.rules.match_after_append;
  EXPECT_EQ(match(log_with({1, 1}), Index{1}, 1), Index{2});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(match(log_with({1, 1, 1}), Index{1}, 1), Index{3});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R7_moves_the_commit_index_back) {
  Mutated mutant("R7");
  const auto& commits = mutant.parts.rules.follower_commit_index;
  EXPECT_EQ(commits(log_with({1, 1, 1}), Index{1}, Index{9}, Index{2}), Index{2});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(commits(log_with({1, 1, 1}), Index{3}, Index{1}, Index{2}), Index{1});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R8_listens_to_stale_append_replies_only) {
  Mutated mutant("R8");
  const auto& is_stale = mutant.parts.rules.is_stale;
  const auto of_term = [](std::uint64_t term, raft::Body body) {
    return raft::Message{NodeId{2}, NodeId{1}, Term{term}, std::move(body)};
  };
  EXPECT_TRUE(is_stale(of_term(4, raft::VoteReply{}), Term{5}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(is_stale(of_term(4, raft::AppendReply{}), Term{5}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R9_tries_the_refused_place_again) {
  Mutated mutant("R9");
  const auto& next = mutant.parts.rules.next_after_refusal;
  EXPECT_EQ(next(log_with({1, 1, 1}), Index{3}, at(1, 1)), Index{4});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReplicationMistakes, R12_begins_behind_what_it_knows_to_be_committed) {
  Mutated mutant("R12");
  const auto& first = mutant.parts.rules.first_index_of_leader;
  EXPECT_EQ(first(log_with({1, 1}), Index{2}), Index{3});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(first(log_with({1, 1}), Index{1}), Index{2});
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder
