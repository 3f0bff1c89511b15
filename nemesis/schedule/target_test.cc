#include "nemesis/schedule/target.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::vector<NodeId> resolve(TargetRule rule, int node_count, std::optional<NodeId> leader = {},
                            std::uint64_t seed = 1) {
  return nemesis::resolve({rule, {}}, {node_count, leader}, seed);
}

TEST(Target, a_rule_gives_as_many_nodes_as_it_says) {
  struct Row {
    int node_count;
    std::size_t minority, half, majority;
  };
  for (Row row : {Row{1, 1, 1, 1}, Row{2, 1, 1, 2}, Row{3, 1, 1, 2}, Row{4, 1, 2, 3},
                  Row{5, 2, 2, 3}, Row{7, 3, 3, 4}}) {
    EXPECT_THAT(resolve(TargetRule::one, row.node_count), SizeIs(1));
    EXPECT_THAT(resolve(TargetRule::minority, row.node_count), SizeIs(row.minority));
    EXPECT_THAT(resolve(TargetRule::half, row.node_count), SizeIs(row.half));
    EXPECT_THAT(resolve(TargetRule::majority, row.node_count), SizeIs(row.majority));
    EXPECT_EQ(resolve(TargetRule::all, row.node_count), all_nodes(row.node_count));
  }
}

TEST(Target, three_nodes_can_do_without_the_surplus) {
  EXPECT_THAT(resolve(TargetRule::surplus, 3), IsEmpty());
  EXPECT_THAT(resolve(TargetRule::surplus, 5), SizeIs(2));
  EXPECT_THAT(resolve(TargetRule::surplus, 7), SizeIs(4));
}

TEST(Target, the_leader_is_struck_only_when_it_is_known) {
  EXPECT_THAT(resolve(TargetRule::leader, 5, n4), ElementsAre(n4));
  EXPECT_THAT(resolve(TargetRule::leader, 5), IsEmpty());
  EXPECT_THAT(resolve(TargetRule::follower, 5), IsEmpty());
}

TEST(Target, a_minority_can_be_the_leaders) {
  const auto minority_of = [](int node_count, std::uint64_t seed) {
    return resolve(TargetRule::leader_minority, node_count, n2, seed);
  };
  EXPECT_THAT(minority_of(3, 1), ElementsAre(n2));
  std::set<std::vector<NodeId>> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) seen.insert(minority_of(5, seed));
  EXPECT_THAT(seen, UnorderedElementsAre(ElementsAre(n1, n2), ElementsAre(n2, n3),
                                         ElementsAre(n2, n4), ElementsAre(n2, n5)));
  EXPECT_THAT(resolve(TargetRule::leader_minority, 5), IsEmpty());
}

TEST(Target, a_role_is_struck_when_it_is_known) {
  ClusterView view{5};
  const std::pair<TargetRule, std::optional<NodeId>*> rows[] = {
      {TargetRule::candidate, &view.candidate},
      {TargetRule::most_behind, &view.most_behind},
      {TargetRule::most_ahead, &view.most_ahead},
      {TargetRule::event_node, &view.event_node},
      {TargetRule::event_peer, &view.event_peer}};
  for (auto [rule, role] : rows) {
    EXPECT_THAT(nemesis::resolve({rule, {}}, view, 1), IsEmpty());
    *role = n3;
    EXPECT_THAT(nemesis::resolve({rule, {}}, view, 1), ElementsAre(n3));
    role->reset();
  }
}

TEST(Target, a_follower_is_never_the_leader) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    EXPECT_NE(resolve(TargetRule::follower, 3, n2, seed), std::vector<NodeId>{n2});
  }
}

TEST(Target, every_node_is_struck_by_some_seed) {
  std::set<NodeId> struck;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    struck.insert(resolve(TargetRule::one, 5, {}, seed).front());
  }
  EXPECT_THAT(struck, SizeIs(5));
}

TEST(Target, the_same_seed_strikes_the_same_nodes) {
  EXPECT_EQ(resolve(TargetRule::minority, 7, {}, 9), resolve(TargetRule::minority, 7, {}, 9));
}

TEST(Target, explicit_nodes_are_taken_as_they_are) {
  const Target target{TargetRule::nodes, {n2, n5}};
  EXPECT_THAT(nemesis::resolve(target, {5, {}}, 1), ElementsAre(n2, n5));
}

}  // namespace
}  // namespace sunder::nemesis
