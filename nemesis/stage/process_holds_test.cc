#include "nemesis/stage/process_holds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/fake_cluster_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct ProcessHoldsTest : testing::Test {
  FakeCluster cluster{5};
  ProcessHolds faults{cluster};
};

TEST_F(ProcessHoldsTest, a_killed_node_starts_when_the_fault_is_released) {
  EXPECT_TRUE(faults.kill(1, n3));
  faults.release(1);
  EXPECT_THAT(cluster.calls, ElementsAre("kill n3", "start n3"));
}

TEST_F(ProcessHoldsTest, a_node_killed_by_two_faults_starts_with_the_last_release) {
  EXPECT_TRUE(faults.kill(1, n3));
  EXPECT_FALSE(faults.kill(2, n3));
  faults.release(1);
  EXPECT_THAT(cluster.calls, ElementsAre("kill n3"));
  faults.release(2);
  EXPECT_THAT(cluster.calls, ElementsAre("kill n3", "start n3"));
}

TEST_F(ProcessHoldsTest, a_node_paused_by_two_faults_resumes_with_the_last_release) {
  EXPECT_TRUE(faults.pause(1, n3));
  EXPECT_FALSE(faults.pause(2, n3));
  faults.release(2);
  EXPECT_THAT(cluster.calls, ElementsAre("pause n3"));
  faults.release(1);
  EXPECT_THAT(cluster.calls, ElementsAre("pause n3", "resume n3"));
}

TEST_F(ProcessHoldsTest, a_node_killed_while_paused_restarts_unpaused) {
  faults.pause(1, n3);
  faults.kill(2, n3);
  faults.release(2);
  faults.release(1);
  EXPECT_THAT(cluster.calls, ElementsAre("pause n3", "kill n3", "start n3"));
}

TEST_F(ProcessHoldsTest, a_dead_node_is_not_paused) {
  faults.kill(1, n3);
  EXPECT_FALSE(faults.pause(2, n3));
  faults.release(1);
  faults.release(2);
  EXPECT_THAT(cluster.calls, ElementsAre("kill n3", "start n3"));
}

TEST_F(ProcessHoldsTest, one_node_of_several_is_released) {
  faults.kill(1, n3);
  faults.kill(1, n4);
  faults.pause(1, n5);
  faults.kill(2, n4);
  for (NodeId node : {n3, n4, n5, n6}) faults.release(1, node);
  EXPECT_THAT(cluster.calls,
              ElementsAre("kill n3", "kill n4", "pause n5", "start n3", "resume n5"));
  EXPECT_TRUE(faults.is_down(n4));
  EXPECT_FALSE(faults.is_down(n3));
}

TEST_F(ProcessHoldsTest, a_release_of_nothing_does_nothing) {
  faults.release(9);
  EXPECT_THAT(cluster.calls, IsEmpty());
}

}  // namespace
}  // namespace sunder::nemesis
