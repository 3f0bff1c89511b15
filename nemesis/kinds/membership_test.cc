#include "nemesis/kinds/membership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/kinds/kill.h"
#include "nemesis/nemesis_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Outcome = Administrator::Outcome;
using namespace std::chrono_literals;

struct MembershipTest : NemesisFixture {
  static Fault fault(int id, const Action& action, std::vector<NodeId> nodes, Duration at,
                     Duration duration) {
    return {id, action, {TargetRule::nodes, std::move(nodes)}, at, duration, 7};
  }

  static Fault removal(int id, std::vector<NodeId> nodes, Duration at, Duration duration) {
    return fault(id, Membership{MembershipChange::remove}, std::move(nodes), at, duration);
  }

  static Fault replacement(std::vector<NodeId> nodes, Duration duration) {
    return fault(1, Membership{MembershipChange::replace}, std::move(nodes), 0ms, duration);
  }

  std::optional<std::string> restore_voters(std::chrono::steady_clock::time_point deadline) {
    std::optional<std::string> obstacle;
    auto restore = [&]() -> boost::asio::awaitable<void> {
      obstacle = co_await nemesis.restore_voters(deadline);
    };
    run(restore());
    return obstacle;
  }
};

TEST_F(MembershipTest, a_system_that_takes_no_orders_is_left_alone) {
  cluster.takes_orders = false;
  play({removal(1, {n2}, 0ms, 1h)});
  EXPECT_THAT(functions(), ElementsAre("skip-membership"));
  EXPECT_THAT(cluster.calls, IsEmpty());
  EXPECT_EQ(restore_voters({}), std::nullopt);
}

TEST_F(MembershipTest, removed_nodes_are_voters_again_when_healed) {
  std::vector<std::size_t> voters;
  on_event = [&](const history::Event&) { voters.push_back(cluster.voters.size()); };
  play({removal(1, {n2, n4}, 0ms, 1ms)});
  ASSERT_THAT(functions(), ElementsAre("membership", "heal-membership"));
  EXPECT_EQ(*events[0].value.member("change"), history::Value("remove"));
  EXPECT_THAT(voters, ElementsAre(3, 5));
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2 n4", "add n2 n4"));
}

TEST_F(MembershipTest, nodes_are_added_until_it_is_done) {
  cluster.answers = {{},
                     {Outcome::refused, "another change is under way"},
                     {Outcome::unknown, "leadership was lost on the way"}};
  play({removal(1, {n2}, 0ms, 1ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "add n2", "add n2", "add n2"));
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
}

TEST_F(MembershipTest, a_removal_that_may_have_happened_is_undone_though_it_is_skipped) {
  cluster.answers = {{Outcome::unknown, "leadership was lost on the way"}};
  play({removal(1, {n2}, 0ms, 0ms)});
  EXPECT_THAT(functions(), ElementsAre("skip-membership"));
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "add n2"));
}

TEST_F(MembershipTest, a_removal_that_was_refused_needs_no_undoing) {
  cluster.answers = {{Outcome::refused, "another change is under way"}};
  play({removal(1, {n2}, 0ms, 0ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2"));
}

TEST_F(MembershipTest, a_refusal_after_an_unknown_outcome_leaves_it_unknown) {
  cluster.answers = {{Outcome::unknown, "leadership was lost on the way"}};
  for (int i = 0; i < 1000; ++i) cluster.answers.push_back({Outcome::refused, "under way"});
  on_event = [&](const history::Event& event) {
    if (event.f == "skip-membership") cluster.answers.clear();
  };
  play({removal(1, {n2}, 0ms, 25ms)});
  EXPECT_EQ(cluster.calls.back(), "add n2");
}

TEST_F(MembershipTest, a_disk_is_emptied_between_the_removal_and_the_addition) {
  play({replacement({n2}, 1ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "kill n2", "empty n2", "start n2", "add n2"));
  ASSERT_THAT(functions(), ElementsAre("membership", "heal-membership"));
  EXPECT_EQ(*events[0].value.member("change"), history::Value("replace"));
}

// Or a node that still counts n2 among the voters could be elected by it against the rest.
TEST_F(MembershipTest, no_disk_is_emptied_while_another_node_does_not_know) {
  cluster.unknowing = {n1, n5};
  on_event = [&](const history::Event& event) {
    if (event.f == "membership") nemesis.stop();
  };
  play({replacement({n2}, 1h)});
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "remove n2", "remove n2", "kill n2",
                                         "empty n2", "start n2"));
}

TEST_F(MembershipTest, a_cluster_grows_by_two_nodes_at_a_time) {
  play({fault(1, Membership{MembershipChange::grow}, {n1, n2, n4, n5}, 0ms, 1ms)});
  std::vector<std::string> orders;
  for (const std::string& call : cluster.calls) {
    if (call.starts_with("add") || call.starts_with("remove")) orders.push_back(call);
  }
  EXPECT_THAT(orders, ElementsAre("remove n1 n2 n4 n5", "add n1 n2", "add n4 n5"));
  EXPECT_THAT(cluster.calls, testing::IsSupersetOf({"kill n1", "kill n5", "start n1", "start n5"}));
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
}

TEST_F(MembershipTest, a_replacement_that_never_may_happen_adds_the_node_as_it_is) {
  cluster.unknowing = {n5};
  play({replacement({n2}, 0ms)});
  ASSERT_THAT(functions(), ElementsAre("skip-membership"));
  EXPECT_EQ(*events[0].value.member("because"),
            history::Value("not every other node knows of the removal"));
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "add n2"));
}

TEST_F(MembershipTest, a_node_that_another_fault_keeps_down_starts_with_an_empty_disk) {
  on_event = [&](const history::Event& event) {
    if (event.f == "heal-membership") nemesis.stop();
  };
  play({fault(2, Kill{}, {n2}, 0ms, 1h),
        fault(1, Membership{MembershipChange::replace}, {n2}, 1ms, 1ms)});
  nemesis.heal_all();
  EXPECT_THAT(cluster.calls, ElementsAre("kill n2", "remove n2", "empty n2", "add n2", "start n2"));
}

TEST_F(MembershipTest, only_one_fault_at_a_time_keeps_nodes_out) {
  on_event = [&](const history::Event&) {
    if (events.size() == 3) nemesis.stop();
  };
  play({removal(1, {n2}, 0ms, 20ms), removal(2, {n3}, 1ms, 1h)});
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership", "membership"));
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "add n2", "remove n3"));
}

TEST_F(MembershipTest, stopped_in_mid_play_every_node_is_made_a_voter_again) {
  on_event = [&](const history::Event&) { nemesis.stop(); };
  play({removal(1, {n2}, 0ms, 1h)});
  on_event = [](const history::Event&) {};
  nemesis.heal_all();
  EXPECT_THAT(nemesis.active(), ElementsAre("membership remove n2"));
  cluster.answers = {{Outcome::refused, "another change is under way"}};
  EXPECT_EQ(restore_voters(std::chrono::steady_clock::time_point::max()), std::nullopt);
  EXPECT_THAT(cluster.voters, SizeIs(5));
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
}

TEST_F(MembershipTest, voters_that_cannot_be_restored_are_told_with_the_reason) {
  on_event = [&](const history::Event&) { nemesis.stop(); };
  play({removal(1, {n2}, 0ms, 1h)});
  cluster.answers = {{Outcome::refused, "no node took it as the leader"}};
  EXPECT_THAT(restore_voters({}).value_or(""), HasSubstr("no node took it as the leader"));
  EXPECT_THAT(functions(), ElementsAre("membership"));
}

struct EndingOutsidersTest : MembershipTest {
  EndingOutsidersTest() { cluster.outsiders_end = true; }
};

TEST_F(EndingOutsidersTest, a_newcomer_is_added_before_it_is_started) {
  play({removal(1, {n2}, 0ms, 1ms)});
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "kill n2", "empty n2", "add n2", "start n2"));
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
}

TEST_F(EndingOutsidersTest, whom_nobody_replaces_yet_runs_on_until_it_ends_by_itself) {
  on_event = [&](const history::Event& event) {
    if (event.f != "membership") return;
    EXPECT_THAT(cluster.calls, ElementsAre("remove n2"));
    EXPECT_FALSE(nemesis.stopped_for_a_reason(n3, "exit status 0"));
    cluster.down.insert(n2);
    EXPECT_TRUE(nemesis.stopped_for_a_reason(n2, "exit status 0"));
  };
  play({removal(1, {n2}, 0ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("membership", "stopped", "heal-membership"));
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "empty n2", "add n2", "start n2"));
}

TEST_F(EndingOutsidersTest, whoever_is_replaced_is_killed_at_once_whatever_the_others_know) {
  cluster.unknowing = {n1, n3, n4, n5};
  on_event = [&](const history::Event& event) {
    if (event.f != "membership") return;
    EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "kill n2", "empty n2"));
  };
  play({replacement({n2}, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
  EXPECT_THAT(cluster.voters, SizeIs(5));
}

TEST_F(EndingOutsidersTest, a_newcomer_that_gave_up_is_started_again) {
  cluster.comes_in = [&](NodeId node) {
    if (events.size() == 2) return true;
    cluster.down.insert(node);
    EXPECT_TRUE(nemesis.stopped_for_a_reason(node, "exit status 1"));
    return false;
  };
  play({replacement({n2}, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("membership", "stopped", "heal-membership"));
  EXPECT_THAT(cluster.calls, ElementsAre("remove n2", "kill n2", "empty n2", "add n2", "start n2",
                                         "add n2", "start n2"));
  // From then on it has no reason to.
  EXPECT_FALSE(nemesis.stopped_for_a_reason(n2, "exit status 1"));
}

TEST_F(EndingOutsidersTest, newcomers_come_in_one_by_one) {
  on_event = [&](const history::Event& event) {
    if (event.f == "membership") cluster.answers = {{}, {Outcome::refused, "under way"}};
  };
  play({fault(1, Membership{MembershipChange::grow}, {n1, n2, n4, n5}, 0ms, 1ms)});
  ASSERT_THAT(cluster.calls, SizeIs(18));
  const std::vector<std::string> calls(cluster.calls.begin() + 9, cluster.calls.end());
  EXPECT_THAT(calls, ElementsAre("add n1", "start n1", "add n2", "add n2", "start n2", "add n4",
                                 "start n4", "add n5", "start n5"));
  EXPECT_THAT(cluster.down, IsEmpty());
}

TEST_F(EndingOutsidersTest, stopped_in_mid_play_every_place_is_taken_again) {
  on_event = [&](const history::Event&) { nemesis.stop(); };
  play({fault(1, Membership{MembershipChange::grow}, {n1, n2, n4, n5}, 0ms, 1h)});
  on_event = [](const history::Event&) {};
  EXPECT_EQ(restore_voters(std::chrono::steady_clock::time_point::max()), std::nullopt);
  EXPECT_THAT(cluster.voters, SizeIs(5));
  EXPECT_THAT(cluster.down, IsEmpty());
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
}

TEST_F(EndingOutsidersTest, a_newcomer_that_never_comes_in_is_told) {
  cluster.comes_in = [](NodeId) { return false; };
  on_event = [&](const history::Event&) { nemesis.stop(); };
  play({removal(1, {n2}, 0ms, 1h)});
  EXPECT_THAT(restore_voters({}).value_or(""), HasSubstr("n2 was added and takes no part"));
}

TEST_F(MembershipTest, an_outsider_that_waits_has_no_reason_to_stop) {
  on_event = [&](const history::Event& event) {
    if (event.f == "membership") {
      EXPECT_FALSE(nemesis.stopped_for_a_reason(n2, "exit status 0"));
    }
  };
  play({removal(1, {n2}, 0ms, 1ms)});
  EXPECT_THAT(functions(), ElementsAre("membership", "heal-membership"));
}

TEST_F(MembershipTest, what_throws_on_the_way_ends_the_play) {
  // The fake refuses to empty the disk of a voter.
  struct Liar : FakeCluster {
    using FakeCluster::FakeCluster;
    boost::asio::awaitable<bool> knows_of_removal(NodeId, NodeId node) override {
      voters.insert(node);
      co_return true;
    }
  };
  Liar liar{5};
  Nemesis deceived{io, liar, links, [](const history::RunEvent&) {}};
  EXPECT_THROW(run(deceived.play({{replacement({n2}, 1h)}})), std::logic_error);
}

}  // namespace
}  // namespace sunder::nemesis
