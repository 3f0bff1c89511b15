#include <gtest/gtest.h>

#include "node/raft/cluster_test.h"

namespace sunder::raft {
namespace {

using Strings = std::vector<std::string>;

Message append(int from, int to, std::uint64_t term, LogPosition previous,
               const std::vector<std::uint64_t>& terms, std::uint64_t commit) {
  AppendEntries body{.previous = previous, .entries = {}, .commit_index = Index{commit}};
  auto index = previous.index;
  for (const auto each : terms) {
    index = index.next();
    body.entries.push_back(make_entry({Term{each}, index}, EntryType::command,
                                      std::to_string(each) + "." + std::to_string(index.value)));
  }
  return {NodeId{from}, NodeId{to}, Term{term}, body};
}

AppendReply last_reply(TestCluster& cluster, int to) {
  const auto replies = cluster.take<AppendReply>(to);
  EXPECT_FALSE(replies.empty());
  return replies.empty() ? AppendReply{} : std::get<AppendReply>(replies.back().body);
}

TEST(Replication, a_command_is_applied_everywhere_in_the_same_order) {
  TestCluster cluster(3);
  cluster.elect(1);
  EXPECT_EQ(cluster[1].propose("a"), (LogPosition{Term{1}, Index{2}}));
  cluster[1].propose("b");
  cluster.perform(1);
  cluster.deliver();
  cluster.expire(1);
  cluster.deliver();
  for (int node = 1; node <= 3; ++node) EXPECT_EQ(cluster.applied[node], (Strings{"a", "b"}));
}

TEST(Replication, only_a_leader_takes_commands) {
  TestCluster cluster(3);
  cluster.elect(1);
  EXPECT_EQ(cluster[2].propose("a"), std::nullopt);
  EXPECT_FALSE(cluster[2].read(cluster.now, 1));
}

TEST(Replication, commands_proposed_together_travel_together) {
  TestCluster cluster(3);
  cluster.elect(1);
  for (int i = 0; i < 10; ++i) cluster[1].propose("x");
  cluster.perform(1);
  const auto sent = cluster.take<AppendEntries>(2);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(std::get<AppendEntries>(sent[0].body).entries.size(), 10u);
}

TEST(Replication, the_next_message_does_not_wait_for_the_reply_to_the_last) {
  TestCluster cluster(3);
  cluster.elect(1);
  for (const auto* command : {"a", "b", "c"}) {
    cluster[1].propose(command);
    cluster.perform(1);
  }
  EXPECT_EQ(cluster.take<AppendEntries>(2).size(), 3u);
}

TEST(Replication, a_leader_counts_its_own_entry_only_when_it_is_durable) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster[1].propose("a");
  cluster[1].take_output();
  cluster[1].step(cluster.now, {NodeId{2}, NodeId{1}, Term{1}, AppendReply{true, Index{2}, {}, 0}});
  EXPECT_EQ(cluster[1].commit_index(), Index{1});
  cluster[1].persisted();
  EXPECT_EQ(cluster[1].commit_index(), Index{2});
}

/// Figure 7: the leader's log, and six followers with what they may miss or have too much.
TEST(Replication, the_logs_of_figure_7_become_the_leaders) {
  const std::vector<std::uint64_t> leader{1, 1, 1, 4, 4, 5, 5, 6, 6, 6};
  const std::vector<std::vector<std::uint64_t>> followers{
      {1, 1, 1, 4, 4, 5, 5, 6, 6},
      {1, 1, 1, 4},
      {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6},
      {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7},
      {1, 1, 1, 4, 4, 4, 4},
      {1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3},
  };
  TestCluster cluster(7);
  cluster.start(1, log_of(leader, 7));
  for (int i = 0; i < 6; ++i) {
    cluster.start(i + 2, log_of(followers[static_cast<std::size_t>(i)], 7));
  }
  // (a), (b), (e) and (f) may vote for it; (c) and (d) have more.
  cluster.elect(1);
  ASSERT_EQ(cluster[1].role(), Role::leader);
  EXPECT_EQ(cluster[1].term(), Term{8});
  for (int node = 1; node <= 7; ++node) {
    EXPECT_EQ(cluster.terms_of(node), "1 1 1 4 4 5 5 6 6 6 8") << "follower " << node;
  }
}

TEST(Replication, a_long_divergent_suffix_is_skipped_in_few_rounds) {
  TestCluster cluster(3);
  std::vector<std::uint64_t> theirs(1000, 2);
  std::vector<std::uint64_t> ours(1000, 3);
  theirs.front() = ours.front() = 1;
  cluster.start(1, log_of(ours, 3));
  cluster.start(2, log_of(theirs, 3));
  cluster.start(3, log_of(theirs, 3));
  int refusals = 0;
  cluster.elect(1, [&](const Message& message) {
    const auto* reply = std::get_if<AppendReply>(&message.body);
    if (reply != nullptr && !reply->accepted) ++refusals;
    return true;
  });
  EXPECT_EQ(cluster.terms_of(2), cluster.terms_of(1));
  EXPECT_LE(refusals, 4);
}

/// Figure 8 (c) to (e): an entry of an old term on a majority is not committed by that.
TEST(Replication, an_older_terms_entry_is_not_committed_by_counting) {
  TestCluster cluster(5);
  cluster.start(1, log_of({1, 2}, 3));
  cluster.start(2, log_of({1, 2}, 3));
  cluster.start(3, log_of({1}, 3));
  cluster.start(4, log_of({1}, 3));
  cluster.start(5, log_of({1, 3}, 3));
  // S1 leads term 4 and copies its entry of term 2 to S3, but not yet its own of term 4.
  cluster.elect(1, [](const Message& message) {
    if (message.from == NodeId{5} || message.to == NodeId{5}) return false;
    const auto* append = std::get_if<AppendEntries>(&message.body);
    return append == nullptr;
  });
  ASSERT_EQ(cluster[1].role(), Role::leader);
  cluster.step(1, {NodeId{2}, NodeId{1}, Term{4}, AppendReply{true, Index{2}, {}, 0}});
  cluster.step(1, {NodeId{3}, NodeId{1}, Term{4}, AppendReply{true, Index{2}, {}, 0}});
  EXPECT_EQ(cluster[1].commit_index(), Index{0});
  // With an entry of term 4 on a majority both are committed.
  cluster.step(1, {NodeId{2}, NodeId{1}, Term{4}, AppendReply{true, Index{3}, {}, 0}});
  cluster.step(1, {NodeId{3}, NodeId{1}, Term{4}, AppendReply{true, Index{3}, {}, 0}});
  EXPECT_EQ(cluster[1].commit_index(), Index{3});
}

TEST(Replication, entries_behind_an_entry_of_another_term_are_refused) {
  TestCluster cluster(3);
  cluster.start(1, log_of({1, 1, 2}, 3));
  cluster.step(1, append(2, 1, 3, {Term{3}, Index{3}}, {3}, 0));
  const auto reply = last_reply(cluster, 2);
  EXPECT_FALSE(reply.accepted);
  EXPECT_EQ(reply.hint, (LogPosition{Term{2}, Index{3}}));
  EXPECT_EQ(cluster.terms_of(1), "1 1 2");
}

TEST(Replication, an_old_message_does_not_cut_off_what_came_later) {
  TestCluster cluster(3);
  cluster.step(1, append(2, 1, 1, {}, {1, 1, 1}, 0));
  cluster.step(1, append(2, 1, 1, {}, {1}, 0));
  EXPECT_EQ(cluster.terms_of(1), "1 1 1");
  EXPECT_EQ(last_reply(cluster, 2).index, Index{1});
}

TEST(Replication, a_conflicting_suffix_goes_and_nothing_before_it) {
  TestCluster cluster(3);
  cluster.start(1, log_of({1, 1, 2, 2}, 2));
  cluster.step(1, append(2, 1, 3, {Term{1}, Index{1}}, {1, 3}, 0));
  EXPECT_EQ(cluster.terms_of(1), "1 1 3");
  const auto& output = cluster.outputs.back();
  ASSERT_EQ(output.entries.size(), 1u);
  EXPECT_EQ(output.entries[0]->position, (LogPosition{Term{3}, Index{3}}));
}

TEST(Replication, a_follower_commits_only_what_the_leader_verified) {
  TestCluster cluster(3);
  cluster.start(1, log_of({1, 1, 2}, 2));
  // The leader committed much more, and knows only the first entry to be alike.
  cluster.step(1, append(2, 1, 3, {Term{1}, Index{1}}, {}, 9));
  EXPECT_EQ(cluster[1].commit_index(), Index{1});
}

TEST(Replication, an_older_terms_leader_is_told_the_later_term) {
  TestCluster cluster(3);
  cluster.start(1, log_of({1}, 5));
  cluster.step(1, append(2, 1, 4, {}, {4}, 1));
  const auto replies = cluster.take<AppendReply>(2);
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].term, Term{5});
  EXPECT_FALSE(std::get<AppendReply>(replies[0].body).accepted);
  EXPECT_EQ(cluster.terms_of(1), "1");
}

TEST(Replication, lost_entries_are_sent_again_with_the_next_heartbeat) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster[1].propose("a");
  cluster.perform(1);
  cluster.mail.clear();
  cluster.expire(1);
  cluster.deliver();
  cluster.expire(1);
  cluster.deliver();
  EXPECT_EQ(cluster.applied[2], (Strings{"a"}));
}

TEST(Read, is_answered_after_a_round_of_heartbeats_begun_after_it) {
  TestCluster cluster(3);
  cluster.elect(1);
  EXPECT_TRUE(cluster[1].read(cluster.now, 7));
  cluster.perform(1);
  EXPECT_TRUE(cluster.answered[1].empty());
  cluster.deliver();
  EXPECT_EQ(cluster.answered[1], (std::vector<ReadId>{7}));
}

TEST(Read, is_not_confirmed_by_replies_to_an_earlier_round) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster.expire(1);
  const auto earlier = cluster.mail;
  cluster.mail.clear();
  cluster[1].read(cluster.now, 7);
  cluster.perform(1);
  cluster.mail = earlier;
  cluster.deliver();
  EXPECT_TRUE(cluster.answered[1].empty());
}

TEST(Read, is_not_confirmed_by_answers_to_rounds_of_an_earlier_term_of_the_same_leader) {
  TestCluster cluster(3);
  cluster.elect(1);
  for (int i = 0; i < 20; ++i) cluster.expire(1);
  const auto late = cluster.take<AppendEntries>(2);
  cluster.mail.clear();
  cluster.elect(2);
  cluster.elect(1);
  ASSERT_EQ(cluster[1].role(), Role::leader);
  for (const auto& message : late) cluster.step(2, message);
  cluster.deliver();
  cluster[1].read(cluster.now, 7);
  cluster.perform(1);
  EXPECT_TRUE(cluster.answered[1].empty());
}

TEST(Read, waits_for_the_first_commit_of_the_leaders_own_term) {
  TestCluster cluster(3);
  cluster.start(1, log_of({1}, 1));
  cluster.elect(
      1, [](const Message& message) { return !std::holds_alternative<AppendReply>(message.body); });
  ASSERT_EQ(cluster[1].role(), Role::leader);
  cluster[1].read(cluster.now, 7);
  cluster.perform(1);
  cluster.step(1, {NodeId{2}, NodeId{1}, Term{2}, AppendReply{true, Index{1}, {}, 99}});
  EXPECT_TRUE(cluster.answered[1].empty());
  cluster.step(1, {NodeId{2}, NodeId{1}, Term{2}, AppendReply{true, Index{2}, {}, 0}});
  cluster.deliver();
  EXPECT_EQ(cluster.answered[1], (std::vector<ReadId>{7}));
}

TEST(Read, is_refused_when_leadership_is_lost) {
  TestCluster cluster(3);
  cluster.elect(1);
  cluster[1].read(cluster.now, 7);
  cluster.perform(1);
  cluster.step(1, append(2, 1, 9, {}, {}, 0));
  EXPECT_EQ(cluster.refused[1], (std::vector<ReadId>{7}));
  EXPECT_TRUE(cluster.outputs.back().lost_leadership);
}

TEST(Read, reads_that_come_together_share_one_round) {
  TestCluster cluster(3);
  cluster.elect(1);
  for (ReadId id = 0; id < 10; ++id) cluster[1].read(cluster.now, id);
  cluster.perform(1);
  EXPECT_EQ(cluster.take<AppendEntries>(2).size(), 1u);
}

Options with_lease() {
  Options options;
  options.lease = true;
  return options;
}

/// How many of these reads, asked for one by one at this time, were answered without any message.
std::size_t answered_at_once(TestCluster& cluster, Time now, ReadId first, ReadId count) {
  cluster.now = now;
  for (ReadId id = first; id < first + count; ++id) {
    cluster[1].read(cluster.now, id);
    cluster.perform(1);
  }
  return cluster.answered[1].size();
}

TEST(Lease, answers_reads_at_once_for_nine_tenths_of_the_timeout_after_an_acknowledged_round) {
  TestCluster cluster(3, with_lease());
  cluster.elect(1);
  cluster.expire(1);
  const auto begun = cluster.now;
  cluster.deliver();
  EXPECT_EQ(answered_at_once(cluster, begun + std::chrono::milliseconds(134), 1, 5), 5u);
  EXPECT_EQ(answered_at_once(cluster, begun + std::chrono::milliseconds(135), 6, 1), 5u);
}

TEST(Lease, is_over_when_the_clock_is_set_back_also_when_it_comes_round_again) {
  TestCluster cluster(3, with_lease());
  cluster.elect(1);
  cluster.expire(1);
  const auto begun = cluster.now;
  cluster.deliver();
  EXPECT_EQ(answered_at_once(cluster, begun - std::chrono::seconds(1), 1, 1), 0u);
  EXPECT_EQ(answered_at_once(cluster, begun + std::chrono::milliseconds(50), 2, 1), 0u);
}

TEST(Lease, a_round_that_only_a_minority_acknowledged_gives_none) {
  TestCluster cluster(5, with_lease());
  cluster.elect(1);
  cluster.now += std::chrono::milliseconds(200);
  cluster.expire(1);
  cluster.deliver(
      [](const Message& message) { return message.from.value <= 2 && message.to.value <= 2; });
  EXPECT_EQ(answered_at_once(cluster, cluster.now, 1, 1), 0u);
}

TEST(Lease, is_given_up_for_the_term_when_leadership_is_to_be_transferred) {
  TestCluster cluster(3, with_lease());
  cluster.elect(1);
  cluster.expire(1);
  cluster.deliver();
  ASSERT_EQ(cluster[1].transfer_leadership(NodeId{2}), std::nullopt);
  EXPECT_EQ(answered_at_once(cluster, cluster.now, 1, 1), 0u);
}

TEST(Lease, a_restarted_voter_votes_for_nobody_until_the_timeout_is_over) {
  TestCluster cluster(3, with_lease());
  cluster.now += std::chrono::seconds(1);
  cluster.start(2, {});
  const Message request{NodeId{1}, NodeId{2}, Term{5}, RequestVote{}};
  cluster.now += std::chrono::milliseconds(149);
  cluster.step(2, request);
  EXPECT_TRUE(cluster.take<VoteReply>(1).empty());
  cluster.now += std::chrono::milliseconds(1);
  cluster.step(2, request);
  EXPECT_EQ(cluster.take<VoteReply>(1).size(), 1u);
}

}  // namespace
}  // namespace sunder::raft
