#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;

TEST(StateMachineSafety, different_entries_applied_at_one_index_are_invalid) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Applied{Index{2}, {{Term{1}, 12}}}).say(3, 1, Applied{Index{2}, {{Term{1}, 13}}});
  EXPECT_THAT(run.broken(), ElementsAre("committed entries", "state machine safety"));
  EXPECT_EQ(run.judge()["state machine safety"].message,
            "n2 and n3 applied different entries at index 2");
}

TEST(StateMachineSafety, a_gap_and_a_repetition_are_invalid) {
  auto gap = Transcript::with_leader();
  gap.say(2, 1, Applied{Index{3}, {{Term{1}, 13}}});
  EXPECT_EQ(gap.judge()["state machine safety"].message, "n2 applied entry 3 too early, after 1");
  auto again = Transcript::with_leader();
  again.say(2, 1, Applied{Index{1}, {{Term{1}, 11}}});
  EXPECT_EQ(again.judge()["state machine safety"].message, "n2 applied entry 1 again, after 1");
}

TEST(StateMachineSafety, a_restarted_node_begins_again_behind_its_snapshot) {
  auto run = Transcript::with_leader();
  const std::vector<EntryDigest> entries{{Term{1}, 12}, {Term{1}, 13}};
  for (const int node : {1, 2}) run.say(node, 1, append(2, 1, entries));
  run.say(1, 1, Committed{Index{3}});
  run.say(2, 1, Started{NodeId{1}, Index{1}, Term{1}, {{Term{1}, 12}}});
  run.say(2, 1, Committed{Index{2}}).say(2, 1, Applied{Index{2}, {{Term{1}, 12}}});
  EXPECT_THAT(run.broken(), ElementsAre());
  run.say(2, 1, Started{NodeId{1}, Index{1}, Term{1}, entries}).say(2, 1, Committed{Index{3}});
  run.say(2, 1, Applied{Index{3}, {{Term{1}, 13}}});
  EXPECT_THAT(run.broken(), ElementsAre("state machine safety"));
}

TEST(StateMachineSafety, a_snapshot_that_moves_the_state_back_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Applied{Index{2}, {{Term{1}, 12}}});
  run.say(2, 1, SnapshotInstalled{Index{1}, Term{1}, 5, true});
  EXPECT_THAT(run.broken(), ElementsAre("committed entries", "state machine safety"));
}

}  // namespace
}  // namespace sunder::checker::raft
