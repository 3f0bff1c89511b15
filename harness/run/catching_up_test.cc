#include "harness/run/catching_up.h"

#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::harness {
namespace {

nemesis::Observation committed(NodeId node, std::uint64_t index) {
  nemesis::Observation observation;
  observation.node = node;
  observation.event = nemesis::NodeEvent::committed;
  observation.commit_index = index;
  return observation;
}

TEST(CatchingUp, names_who_is_behind_and_how_far) {
  CatchingUp progress;
  progress.observe(committed(n1, 810));
  progress.observe(committed(n2, 53));
  EXPECT_EQ(progress.furthest(), 810U);
  EXPECT_EQ(progress.laggards(3, 810),
            "810 entries were committed, and not everyone has caught up: n2 at 53, n3 at 0");
  progress.observe(committed(n2, 811));
  progress.observe(committed(n3, 810));
  EXPECT_FALSE(progress.laggards(3, 810));
}

TEST(CatchingUp, a_restart_begins_behind_the_snapshot) {
  CatchingUp progress;
  progress.observe(committed(n1, 10));
  progress.observe(committed(n1, 4));
  EXPECT_TRUE(progress.laggards(1, 10));
}

}  // namespace
}  // namespace sunder::harness
