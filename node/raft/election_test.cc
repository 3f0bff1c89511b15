#include <gtest/gtest.h>

#include "node/raft/cluster_test.h"

namespace sunder::raft {
namespace {

Message vote_request(int from, int to, std::uint64_t term, LogPosition last = {}) {
  return {NodeId{from}, NodeId{to}, Term{term}, RequestVote{last, false}};
}

bool granted(TestCluster& cluster, int to) {
  const auto replies = cluster.take<VoteReply>(to);
  EXPECT_EQ(replies.size(), 1u);
  return !replies.empty() && std::get<VoteReply>(replies.back().body).granted;
}

TEST(Election, a_node_votes_once_a_term) {
  TestCluster cluster(3);
  cluster.step(1, vote_request(2, 1, 5));
  EXPECT_TRUE(granted(cluster, 2));
  cluster.step(1, vote_request(3, 1, 5));
  EXPECT_FALSE(granted(cluster, 3));
  cluster.step(1, vote_request(3, 1, 6));
  EXPECT_TRUE(granted(cluster, 3));
}

TEST(Election, the_same_candidate_may_ask_again) {
  TestCluster cluster(3);
  cluster.step(1, vote_request(2, 1, 5));
  EXPECT_TRUE(granted(cluster, 2));
  cluster.step(1, vote_request(2, 1, 5));
  EXPECT_TRUE(granted(cluster, 2));
}

TEST(Election, a_vote_is_durable_before_its_reply_leaves) {
  TestCluster cluster(3);
  cluster.step(1, vote_request(2, 1, 5));
  const auto& output = cluster.outputs.back();
  ASSERT_EQ(output.messages.size(), 1u);
  EXPECT_EQ(output.hard_state, (HardState{Term{5}, NodeId{2}}));
  EXPECT_TRUE(output.replication.empty());
}

TEST(Election, a_restarted_node_remembers_its_vote) {
  TestCluster cluster(3);
  cluster.start(1, {.hard_state = {Term{5}, NodeId{2}}, .snapshot = nullptr, .entries = {}});
  cluster.step(1, vote_request(3, 1, 5));
  EXPECT_FALSE(granted(cluster, 3));
}

TEST(Election, a_candidate_is_durable_before_it_asks) {
  TestCluster cluster(3, {.id = {}, .initial = {}, .pre_vote = false});
  cluster.expire(1);
  const auto& output = cluster.outputs.back();
  EXPECT_EQ(output.hard_state, (HardState{Term{1}, NodeId{1}}));
  EXPECT_EQ(output.messages.size(), 2u);
}

TEST(Election, a_log_with_a_later_last_term_beats_a_longer_one) {
  TestCluster cluster(3);
  cluster.start(1, log_of({1, 1, 2}, 2));
  const struct {
    LogPosition candidate;
    bool granted;
  } table[] = {
      {{Term{1}, Index{9}}, false}, {{Term{2}, Index{2}}, false}, {{Term{2}, Index{3}}, true},
      {{Term{2}, Index{4}}, true},  {{Term{3}, Index{1}}, true},
  };
  std::uint64_t term = 10;
  for (const auto& row : table) {
    cluster.step(1, vote_request(2, 1, ++term, row.candidate));
    EXPECT_EQ(granted(cluster, 2), row.granted)
        << row.candidate.term.value << " " << row.candidate.index.value;
  }
}

TEST(Election, a_quorum_of_votes_makes_a_leader_and_it_begins_its_term_with_a_noop) {
  TestCluster cluster(5);
  cluster.elect(1, only({1, 2, 3}));
  EXPECT_EQ(cluster[1].role(), Role::leader);
  EXPECT_EQ(cluster[1].log().last(), (LogPosition{Term{1}, Index{1}}));
  EXPECT_EQ(cluster[2].leader(), NodeId{1});
  EXPECT_EQ(cluster[1].commit_index(), Index{1});
}

TEST(Election, a_vote_that_comes_twice_counts_once) {
  TestCluster cluster(5, {.id = {}, .initial = {}, .pre_vote = false});
  cluster.expire(1);
  cluster.mail.clear();
  const Message vote{NodeId{2}, NodeId{1}, Term{1}, VoteReply{true}};
  cluster.step(1, vote);
  cluster.step(1, vote);
  EXPECT_EQ(cluster[1].role(), Role::candidate);
}

TEST(Election, votes_of_an_older_term_do_not_count) {
  TestCluster cluster(3, {.id = {}, .initial = {}, .pre_vote = false});
  cluster.expire(1);
  cluster.expire(1);
  cluster.step(1, {NodeId{2}, NodeId{1}, Term{1}, VoteReply{true}});
  EXPECT_EQ(cluster[1].role(), Role::candidate);
  cluster.step(1, {NodeId{2}, NodeId{1}, Term{2}, VoteReply{true}});
  EXPECT_EQ(cluster[1].role(), Role::leader);
}

TEST(Election, a_split_vote_is_settled_in_a_later_term) {
  TestCluster cluster(4, {.id = {}, .initial = {}, .pre_vote = false});
  cluster.expire(1);
  cluster.expire(2);
  cluster.deliver([](const Message& message) {
    return (message.from.value + message.to.value) % 2 == 0 || message.to.value <= 2;
  });
  EXPECT_NE(cluster[1].role(), Role::leader);
  EXPECT_NE(cluster[2].role(), Role::leader);
  cluster.elect(2);
  EXPECT_EQ(cluster[2].role(), Role::leader);
  EXPECT_EQ(cluster[1].leader(), NodeId{2});
}

TEST(Election, a_stale_leader_that_meets_a_later_term_steps_down) {
  TestCluster cluster(3, {.id = {}, .initial = {}, .check_quorum = false});
  cluster.elect(1);
  cluster.elect(2, only({2, 3}));
  ASSERT_EQ(cluster[1].role(), Role::leader);
  ASSERT_EQ(cluster[2].role(), Role::leader);
  cluster.expire(1);
  cluster.deliver();
  EXPECT_EQ(cluster[1].role(), Role::follower);
  EXPECT_EQ(cluster[1].term(), cluster[2].term());
}

TEST(Election, who_hears_a_leader_does_not_listen_to_candidates) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster.step(2, vote_request(3, 2, 9, {Term{9}, Index{9}}));
  EXPECT_TRUE(cluster.take<VoteReply>(3).empty());
  EXPECT_EQ(cluster[2].term(), Term{1});
  auto transfer = vote_request(3, 2, 9, {Term{9}, Index{9}});
  std::get<RequestVote>(transfer.body).leadership_transfer = true;
  cluster.step(2, transfer);
  EXPECT_TRUE(granted(cluster, 3));
}

TEST(Election, a_late_reply_of_a_later_term_does_not_end_the_shield_of_the_leader_heard_last) {
  TestCluster cluster(3, {.id = {}, .initial = {}, .pre_vote = false, .lease = true});
  cluster.elect(1);
  // To a candidacy of n2 that everybody has forgotten.
  cluster.step(2, {NodeId{3}, NodeId{2}, Term{5}, VoteReply{false}});
  ASSERT_EQ(cluster[2].leader(), std::nullopt);
  cluster.step(2, vote_request(3, 2, 6, {Term{9}, Index{9}}));
  EXPECT_TRUE(cluster.take<VoteReply>(3).empty());
  cluster.now += std::chrono::milliseconds(150);
  cluster.step(2, vote_request(3, 2, 6, {Term{9}, Index{9}}));
  EXPECT_TRUE(granted(cluster, 3));
}

/// Two hear each other until the third, which hears nobody, wants an election; its questions wait.
void cut_off_until_it_asks(TestCluster& cluster) {
  while (cluster[3].role() != Role::pre_candidate) {
    if (cluster.now >= cluster[3].next_deadline()) return cluster.expire(3);
    cluster.expire(1);
    cluster.deliver(only({1, 2}));
  }
}

TEST(PreVote, a_node_that_was_cut_off_rejoins_without_an_election) {
  TestCluster cluster(3);
  cluster.elect(1);
  for (int round = 0; round < 5; ++round) {
    cut_off_until_it_asks(cluster);
    cluster.mail.clear();
  }
  EXPECT_EQ(cluster[3].term(), Term{1});
  cluster.expire(1);
  cluster.deliver();
  EXPECT_EQ(cluster[1].role(), Role::leader);
  EXPECT_EQ(cluster[3].leader(), NodeId{1});
}

TEST(PreVote, a_leader_and_those_who_hear_it_refuse) {
  TestCluster cluster(3);
  cluster.elect(1);
  cut_off_until_it_asks(cluster);
  ASSERT_EQ(cluster.mail.size(), 2u);
  cluster.deliver();
  EXPECT_EQ(cluster[3].role(), Role::pre_candidate);
  EXPECT_EQ(cluster[3].term(), Term{1});
}

TEST(PreVote, a_node_with_an_old_log_is_refused) {
  TestCluster cluster(3);
  cluster.start(2, log_of({1, 1}, 1));
  cluster.start(3, log_of({1, 1}, 1));
  for (int round = 0; round < 5; ++round) {
    cluster.expire(1);
    cluster.deliver();
  }
  EXPECT_EQ(cluster[1].role(), Role::pre_candidate);
  EXPECT_EQ(cluster[1].term(), Term{1});
}

TEST(CheckQuorum, a_leader_that_hears_no_quorum_steps_down) {
  TestCluster cluster(5);
  cluster.elect(1);
  for (int round = 0; round < 20 && cluster[1].role() == Role::leader; ++round) {
    cluster.expire(1);
    cluster.deliver(only({1, 2}));
  }
  EXPECT_EQ(cluster[1].role(), Role::follower);
  EXPECT_EQ(cluster[1].term(), Term{1});
}

TEST(CheckQuorum, a_leader_that_hears_a_quorum_stays) {
  TestCluster cluster(5);
  cluster.elect(1);
  for (int round = 0; round < 50; ++round) {
    cluster.expire(1);
    cluster.deliver(only({1, 2, 4}));
  }
  EXPECT_EQ(cluster[1].role(), Role::leader);
}

TEST(Election, a_lone_voter_elects_itself) {
  TestCluster cluster(1);
  cluster.expire(1);
  EXPECT_EQ(cluster[1].role(), Role::leader);
  EXPECT_EQ(cluster[1].commit_index(), Index{1});
}

TEST(Election, a_follower_whose_clock_is_set_back_still_becomes_a_candidate_in_time) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster.now -= std::chrono::minutes(1);
  cluster[2].tick(cluster.now);
  EXPECT_LE(cluster[2].next_deadline() - cluster.now, std::chrono::milliseconds(300));
}

TEST(Election, a_leader_whose_clock_is_set_back_still_sends_heartbeats_and_needs_answers) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster.now -= std::chrono::minutes(1);
  cluster[1].tick(cluster.now);
  EXPECT_LE(cluster[1].next_deadline() - cluster.now, std::chrono::milliseconds(30));
  for (int heartbeat = 0; heartbeat < 15; ++heartbeat) cluster.expire(1);
  EXPECT_NE(cluster[1].role(), Role::leader) << "nobody answered 15 heartbeats";
}

}  // namespace
}  // namespace sunder::raft
