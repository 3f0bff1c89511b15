#include <gtest/gtest.h>

#include "node/raft/cluster_test.h"

namespace sunder::raft {
namespace {

std::set<NodeId> nodes(std::initializer_list<std::int64_t> numbers) {
  std::set<NodeId> result;
  for (const auto number : numbers) result.insert(NodeId{number});
  return result;
}

/// Five nodes, of which the first three are the cluster, led by the first.
TestCluster cluster_of_three_and_two_more(bool check_quorum = true) {
  Options options;
  options.check_quorum = check_quorum;
  options.initial.voters = nodes({1, 2, 3});
  TestCluster cluster(5, options, {}, /*all_vote=*/false);
  cluster.elect(1);
  return cluster;
}

void heartbeats(TestCluster& cluster, const TestCluster::Filter& passes) {
  for (int round = 0; round < 4; ++round) {
    cluster.expire(1);
    cluster.deliver(passes);
  }
}

TEST(Membership, a_newcomer_catches_up_before_it_votes) {
  auto cluster = cluster_of_three_and_two_more();
  ASSERT_EQ(cluster[1].change_voters(nodes({1, 2, 3, 4})), std::nullopt);
  cluster.perform(1);
  heartbeats(cluster, only({1, 2, 3}));
  EXPECT_EQ(cluster[1].configuration(), (Configuration{nodes({1, 2, 3}), {}, nodes({4})}));
  EXPECT_TRUE(cluster[1].is_changing_voters());
  heartbeats(cluster, only({1, 2, 3, 4}));
  EXPECT_EQ(cluster[1].configuration(), (Configuration{nodes({1, 2, 3, 4}), {}, {}}));
  EXPECT_FALSE(cluster[1].is_changing_voters());
  EXPECT_EQ(cluster[4].configuration(), cluster[1].configuration());
}

TEST(Membership, a_removed_leader_begins_no_change_before_it_has_handed_over) {
  auto cluster = cluster_of_three_and_two_more();
  ASSERT_EQ(cluster[1].change_voters(nodes({2, 3})), std::nullopt);
  cluster.perform(1);
  const auto is_removed = [&] {
    return !cluster[1].configuration().is_voter(NodeId{1}) &&
           cluster[1].commit_index() >= cluster[1].configuration_index();
  };
  while (!cluster.mail.empty() && !is_removed()) {
    const auto message = cluster.mail.front();
    cluster.mail.pop_front();
    // Its outputs are not performed when the removal commits.
    cluster[static_cast<int>(message.to.value)].step(cluster.now, message);
    if (!is_removed()) cluster.perform(static_cast<int>(message.to.value));
  }
  ASSERT_TRUE(is_removed());
  ASSERT_EQ(cluster[1].role(), Role::leader);
  EXPECT_EQ(cluster[1].change_voters(nodes({1, 2, 3})), "another change is under way");
  cluster.perform(1);
  EXPECT_EQ(cluster[1].role(), Role::follower);
}

TEST(Membership, a_joint_configuration_needs_both_majorities) {
  auto cluster = cluster_of_three_and_two_more(/*check_quorum=*/false);
  ASSERT_EQ(cluster[1].change_voters(nodes({1, 4, 5})), std::nullopt);
  cluster.perform(1);
  // From the joint phase on 2 and 3 are silent: the new majority is there and the old one is not.
  cluster.deliver([&](const Message& message) {
    return !cluster[1].configuration().is_joint() || only({1, 4, 5})(message);
  });
  ASSERT_TRUE(cluster[1].configuration().is_joint());
  const auto stuck = cluster[1].commit_index();
  heartbeats(cluster, only({1, 4, 5}));
  EXPECT_TRUE(cluster[1].configuration().is_joint());
  EXPECT_EQ(cluster[1].commit_index(), stuck);
  heartbeats(cluster, only({1, 2, 4, 5}));
  EXPECT_EQ(cluster[1].configuration(), (Configuration{nodes({1, 4, 5}), {}, {}}));
}

TEST(Membership, one_change_at_a_time) {
  auto cluster = cluster_of_three_and_two_more();
  ASSERT_EQ(cluster[1].change_voters(nodes({1, 2})), std::nullopt);
  EXPECT_NE(cluster[1].change_voters(nodes({1, 3})), std::nullopt);
  EXPECT_NE(cluster[1].transfer_leadership(NodeId{2}), std::nullopt);
  EXPECT_NE(cluster[2].change_voters(nodes({1, 3})), std::nullopt);
}

/// The bug of single-server changes (Ongaro, raft-dev 2015): a leader changes the configuration
/// before it knows what its predecessors committed.
TEST(Membership, no_change_begins_before_the_leader_committed_in_its_own_term) {
  TestCluster cluster(3);
  cluster.elect(
      1, [](const Message& message) { return !std::holds_alternative<AppendReply>(message.body); });
  ASSERT_EQ(cluster[1].role(), Role::leader);
  EXPECT_EQ(cluster[1].change_voters(nodes({1, 2})), "another change is under way");
}

TEST(Membership, a_leader_that_removes_itself_leads_until_that_is_committed_and_then_hands_over) {
  auto cluster = cluster_of_three_and_two_more();
  ASSERT_EQ(cluster[1].change_voters(nodes({2, 3})), std::nullopt);
  cluster.perform(1);
  cluster.deliver();
  EXPECT_EQ(cluster[1].role(), Role::follower);
  EXPECT_EQ(cluster[1].configuration(), (Configuration{nodes({2, 3}), {}, {}}));
  EXPECT_TRUE(cluster[2].role() == Role::leader || cluster[3].role() == Role::leader);
  const auto term = cluster[1].term();
  cluster.expire(1);
  EXPECT_EQ(cluster[1].term(), term) << "a removed server stands for election";
}

TEST(Membership, a_removed_configuration_entry_brings_the_one_before_it_back) {
  auto cluster = cluster_of_three_and_two_more(/*check_quorum=*/false);
  ASSERT_EQ(cluster[1].change_voters(nodes({1, 2})), std::nullopt);
  cluster.perform(1);
  EXPECT_TRUE(cluster[1].configuration().is_joint());
  cluster.mail.clear();
  cluster.elect(2, only({2, 3}));
  cluster.expire(2);
  cluster.deliver();
  EXPECT_EQ(cluster[1].configuration(), (Configuration{nodes({1, 2, 3}), {}, {}}));
}

TEST(Transfer, the_target_leads_and_commands_are_refused_meanwhile) {
  TestCluster cluster(3);
  cluster.elect(1);
  ASSERT_EQ(cluster[1].transfer_leadership(NodeId{2}), std::nullopt);
  EXPECT_EQ(cluster[1].propose("refused"), std::nullopt);
  cluster.perform(1);
  cluster.deliver();
  EXPECT_EQ(cluster[2].role(), Role::leader);
  EXPECT_EQ(cluster[1].leader(), NodeId{2});
}

TEST(Transfer, a_target_that_does_not_take_over_is_given_up) {
  TestCluster cluster(3);
  cluster.elect(1);
  ASSERT_EQ(cluster[1].transfer_leadership(NodeId{2}), std::nullopt);
  for (int round = 0; round < 8; ++round) {
    cluster.perform(1);
    cluster.deliver(only({1, 3}));
    cluster.expire(1);
  }
  EXPECT_FALSE(cluster[1].is_transferring());
  EXPECT_NE(cluster[1].propose("accepted again"), std::nullopt);
}

TEST(Snapshot, a_follower_that_needs_compacted_entries_gets_the_snapshot_in_pieces) {
  Options options;
  options.snapshot_piece_bytes = 10;
  TestCluster cluster(3, options);
  cluster.elect(1);
  for (const auto* command : {"a", "b", "c"}) {
    cluster[1].propose(command);
    cluster.perform(1);
    cluster.deliver(only({1, 2}));
  }
  const auto last = cluster[1].log().last();
  ASSERT_EQ(cluster[1].commit_index(), last.index);
  const std::string state(35, 's');
  cluster[1].compact(
      std::make_shared<const Snapshot>(Snapshot{last, cluster[1].configuration(), Index{0}, state}),
      0);
  EXPECT_EQ(cluster[1].log().edge(), last);
  int pieces = 0;
  for (int round = 0; round < 3; ++round) {
    cluster.expire(1);
    cluster.deliver([&](const Message& message) {
      if (std::holds_alternative<InstallSnapshot>(message.body)) ++pieces;
      return true;
    });
  }
  EXPECT_EQ(pieces, 4);
  EXPECT_EQ(cluster[3].log().edge(), last);
  EXPECT_EQ(cluster[3].commit_index(), last.index);
  const auto installed = std::find_if(cluster.outputs.begin(), cluster.outputs.end(),
                                      [](const Output& output) { return output.snapshot; });
  ASSERT_NE(installed, cluster.outputs.end());
  EXPECT_EQ(installed->snapshot->data, state);
}

TEST(Snapshot, a_piece_that_comes_twice_or_out_of_place_changes_nothing) {
  TestCluster cluster(3);
  const LogPosition last{Term{1}, Index{5}};
  const auto piece = [&](std::uint64_t offset, std::string bytes) {
    return Message{NodeId{1}, NodeId{2}, Term{1},
                   InstallSnapshot{last, cluster[1].configuration(), Index{0}, offset, 6,
                                   std::move(bytes), 0}};
  };
  const auto received = [&] {
    const auto replies = cluster.take<SnapshotReply>(1);
    return std::get<SnapshotReply>(replies.back().body).received_bytes;
  };
  cluster.step(2, piece(0, "abc"));
  EXPECT_EQ(received(), 3u);
  cluster.step(2, piece(0, "abc"));
  EXPECT_EQ(received(), 3u);
  cluster.step(2, piece(5, "f"));
  EXPECT_EQ(received(), 3u);
  cluster.step(2, piece(3, "def"));
  EXPECT_EQ(cluster[2].log().edge(), last);
  cluster.step(2, piece(0, "abc"));
  EXPECT_EQ(cluster[2].log().edge(), last);
}

TEST(Snapshot, a_conflicting_log_behind_its_edge_is_dropped_and_an_agreeing_one_kept) {
  for (const std::uint64_t term_at_edge : {1, 2}) {
    TestCluster cluster(3);
    cluster.start(2, log_of({1, 1, 2}, 2));
    const LogPosition last{Term{term_at_edge}, Index{2}};
    cluster.step(2,
                 {NodeId{1}, NodeId{2}, Term{3},
                  InstallSnapshot{last, cluster[1].configuration(), Index{0}, 0, 5, "state", 0}});
    EXPECT_EQ(cluster.terms_of(2), term_at_edge == 1 ? "2" : "");
    EXPECT_EQ(cluster.outputs.back().keeps_stored_suffix, term_at_edge == 1);
  }
}

}  // namespace
}  // namespace sunder::raft
