#include "nemesis/kinds/partition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t seeds = 50;

// Itself and every node it can speak with, both ways.
std::set<NodeId> sees(NodeId node, int node_count, const std::set<Link>& blocked) {
  std::set<NodeId> seen{node};
  for (NodeId other : all_nodes(node_count)) {
    if (!blocked.contains({node, other}) && !blocked.contains({other, node})) seen.insert(other);
  }
  return seen;
}

TEST(Partition, one_cuts_the_target_off_from_everyone_in_both_directions) {
  const auto blocked = blocked_links(PartitionShape::one, 3, {n2}, 1);
  EXPECT_EQ(blocked, (std::set<Link>{{n1, n2}, {n2, n1}, {n2, n3}, {n3, n2}}));
}

TEST(Partition, halves_leaves_each_side_whole) {
  const auto blocked = blocked_links(PartitionShape::halves, 5, {n1, n4}, 1);
  EXPECT_EQ(sees(n1, 5, blocked), (std::set<NodeId>{n1, n4}));
  EXPECT_EQ(sees(n2, 5, blocked), (std::set<NodeId>{n2, n3, n5}));
}

TEST(Partition, a_bridge_is_the_only_node_that_sees_all) {
  for (int node_count : {3, 4, 5, 6, 7}) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const NodeId bridge{1 + static_cast<int>(seed) % node_count};
      const auto blocked = blocked_links(PartitionShape::bridge, node_count, {bridge}, seed);
      for (NodeId node : all_nodes(node_count)) {
        const bool sees_all = sees(node, node_count, blocked).size() == std::size_t(node_count);
        EXPECT_EQ(sees_all, node == bridge) << node_count << " nodes, seed " << seed;
      }
    }
  }
}

TEST(Partition, in_a_majorities_ring_every_node_sees_a_majority_and_no_two_the_same) {
  for (int node_count : {3, 4, 5, 6, 7, 9}) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const auto blocked = blocked_links(PartitionShape::majorities_ring, node_count, {}, seed);
      std::set<std::set<NodeId>> majorities;
      for (NodeId node : all_nodes(node_count)) {
        majorities.insert(sees(node, node_count, blocked));
        EXPECT_GT(sees(node, node_count, blocked).size(), std::size_t(node_count) / 2);
      }
      EXPECT_EQ(majorities.size(), std::size_t(node_count))
          << node_count << " nodes, seed " << seed;
    }
  }
}

TEST(Partition, one_way_blocks_one_direction_only_and_either_one) {
  bool deaf = false;
  bool mute = false;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto blocked = blocked_links(PartitionShape::one_way, 5, {n3}, seed);
    EXPECT_EQ(blocked.size(), 4u);
    for (Link link : blocked) {
      EXPECT_FALSE(blocked.contains(reverse(link)));
      deaf |= link.to == n3;
      mute |= link.from == n3;
      EXPECT_TRUE(link.to == n3 || link.from == n3);
    }
  }
  EXPECT_TRUE(deaf);
  EXPECT_TRUE(mute);
}

TEST(Partition, too_few_nodes_give_no_links) {
  EXPECT_THAT(blocked_links(PartitionShape::majorities_ring, 2, {}, 1), IsEmpty());
  EXPECT_THAT(blocked_links(PartitionShape::bridge, 2, {n1}, 1), IsEmpty());
  EXPECT_THAT(blocked_links(PartitionShape::one, 1, {n1}, 1), IsEmpty());
}

TEST(Partition, every_shape_has_a_name_that_reads_back) {
  for (std::string_view name : partition_shape_names().all()) {
    EXPECT_EQ(partition_shape_names().name(*partition_shape_names().find(name)), name);
  }
}

TEST(Partition, clients_may_be_on_the_other_side) {
  EXPECT_EQ(blocked_links(PartitionShape::one, 3, {n2}, 1, OtherEnd::clients),
            (std::set<Link>{{n2, all_clients}, {all_clients, n2}}));
  EXPECT_THAT(blocked_links(PartitionShape::one, 3, {n2}, 1, OtherEnd::all), SizeIs(6));
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const auto all = blocked_links(PartitionShape::one_way, 3, {n2}, seed, OtherEnd::all);
    EXPECT_THAT(all, SizeIs(3));
    const bool cannot_receive = all.contains({n1, n2});
    EXPECT_EQ(all.contains({all_clients, n2}), cannot_receive);
    EXPECT_EQ(all.contains({n2, all_clients}), !cannot_receive);
  }
}

}  // namespace
}  // namespace sunder::nemesis
