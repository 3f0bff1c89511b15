#include "nemesis/kinds/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/kinds/kill.h"
#include "nemesis/nemesis_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Outcome = Administrator::Outcome;
using namespace std::chrono_literals;

struct TransferTest : NemesisFixture {
  static Fault fault(int id, const Action& action, std::vector<NodeId> nodes, Duration at,
                     Duration duration) {
    return {id, action, {TargetRule::nodes, std::move(nodes)}, at, duration, 7};
  }
};

TEST_F(TransferTest, a_transfer_is_over_as_soon_as_it_took_effect) {
  on_event = [&](const history::Event& event) {
    if (event.f == "heal-transfer") nemesis.stop();
  };
  play({fault(1, Transfer{}, {n3}, 0ms, 1h)});
  EXPECT_EQ(cluster.leading, n3);
  EXPECT_THAT(functions(), ElementsAre("transfer", "heal-transfer"));
  EXPECT_THAT(nemesis.active(), IsEmpty());
  // Played again, it may be tried for as long.
  EXPECT_EQ(nemesis.played().faults.at(0).duration, 1h);
}

TEST_F(TransferTest, leadership_is_not_transferred_to_a_node_that_is_down) {
  on_event = [&](const history::Event& event) {
    if (event.f == "transfer") nemesis.stop();
  };
  play({fault(1, Kill{}, {n3}, 0ms, 30ms), fault(2, Transfer{}, {n3}, 1ms, 1h)});
  EXPECT_THAT(cluster.calls, ElementsAre("kill n3", "start n3", "transfer n3"));
}

TEST_F(TransferTest, leadership_goes_to_a_follower_that_can_take_it) {
  cluster.leading = n1;
  on_event = [&](const history::Event& event) {
    if (event.f == "heal-transfer") nemesis.stop();
  };
  for (NodeId node : {n1, n2, n5}) {
    nemesis.observe({node, 1, NodeEvent::appended, static_cast<std::uint64_t>(node == n2 ? 3 : 9)});
  }
  Fault transfer = fault(2, Transfer{}, {}, 1ms, 1h);
  transfer.target.rule = TargetRule::most_behind;
  play({fault(1, Kill{}, {n2, n3, n4}, 0ms, 1h), transfer});
  EXPECT_EQ(cluster.leading, n5);
}

TEST_F(TransferTest, an_order_that_is_not_carried_out_is_tried_again) {
  cluster.answers = {{Outcome::refused, "another change is under way"},
                     {Outcome::unknown, "leadership was lost on the way"}};
  on_event = [&](const history::Event& event) {
    if (event.f == "heal-transfer") nemesis.stop();
  };
  play({fault(1, Transfer{}, {n3}, 0ms, 1h)});
  EXPECT_THAT(cluster.calls, ElementsAre("transfer n3", "transfer n3", "transfer n3"));
  EXPECT_THAT(nemesis.injected(), ElementsAre(Pair("transfer", 1)));
}

TEST_F(TransferTest, an_order_never_carried_out_is_skipped_and_not_counted) {
  cluster.answers.assign(1000, {Outcome::refused, "another change is under way"});
  play({fault(1, Transfer{}, {n3}, 0ms, 15ms)});
  ASSERT_THAT(functions(), ElementsAre("skip-transfer"));
  EXPECT_EQ(*events[0].value.member("because"), history::Value("another change is under way"));
  EXPECT_THAT(nemesis.injected(), IsEmpty());
}

TEST_F(TransferTest, an_order_is_tried_again_while_the_schedule_lasts) {
  cluster.answers.assign(4, {Outcome::refused, "no node took it as the leader"});
  on_event = [&](const history::Event& event) {
    if (event.f == "heal-transfer") nemesis.stop();
  };
  play({fault(1, Transfer{}, {n3}, 0ms, 1ms), fault(2, Kill{}, {n4}, 0ms, 1h)});
  EXPECT_THAT(nemesis.injected(), ElementsAre(Pair("kill", 1), Pair("transfer", 1)));
}

}  // namespace
}  // namespace sunder::nemesis
