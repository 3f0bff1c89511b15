#include "nemesis/schedule/description.h"

#include <gtest/gtest.h>

#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/partition.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;

TEST(Description, says_what_is_done_to_whom_and_when) {
  Fault fault{.action = Kill{}, .target = {TargetRule::most_behind, {}}, .at = 1250ms};
  EXPECT_EQ(describe(fault), "kill most behind");
  EXPECT_EQ(describe_moment(fault), "at 1250ms");
  fault.target = {TargetRule::nodes, {n1, n3}};
  EXPECT_EQ(describe(fault), "kill n1 n3");
}

TEST(Description, a_trigger_is_a_moment) {
  Fault fault{.action = Partition{PartitionShape::one}, .target = {TargetRule::event_node, {}}};
  fault.trigger = Trigger{NodeEvent::became_leader, true, 2, 4s};
  EXPECT_EQ(describe(fault), "partition one event node");
  EXPECT_EQ(describe_moment(fault), "when a node became leader, first in its term, time 2");
  fault.at = 300ms;
  fault.trigger->first_in_term = false;
  fault.trigger->count = 1;
  EXPECT_EQ(describe_moment(fault), "when a node became leader after 300ms");
}

}  // namespace
}  // namespace sunder::nemesis
