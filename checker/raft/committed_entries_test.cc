#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CommittedEntries, are_never_removed_by_a_follower_though_it_takes_them_again) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Truncated{Index{1}}).say(2, 1, append(1, 0, {{Term{1}, 11}}));
  EXPECT_EQ(run.judge()["committed entries"].message,
            "n2 removed entry 1 from its log, which it had taken for committed");
  auto overwritten = Transcript::with_leader();
  overwritten.say(3, 1, append(1, 0, {{Term{1}, 11}}));
  EXPECT_THAT(overwritten.broken(), ElementsAre("committed entries"));
}

TEST(CommittedEntries, are_in_the_log_of_the_node_that_says_so) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Committed{Index{2}}).say(3, 1, Committed{Index{2}});
  EXPECT_EQ(run.judge()["committed entries"].message,
            "n3 took entry 2 for committed, but its log ends at 1");
}

TEST(CommittedEntries, are_committed_by_a_leader_first) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2, 3}) run.say(node, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(2, 1, Committed{Index{2}}).say(1, 1, Committed{Index{2}});
  EXPECT_EQ(run.judge()["committed entries"].message,
            "n2 took entry 2 for committed, but leaders had committed only up to 1");
}

TEST(CommittedEntries, are_the_same_on_all_nodes) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(3, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Committed{Index{2}});
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}})).say(2, 2, Committed{Index{2}});
  EXPECT_EQ(run.judge()["committed entries"].message,
            "n1 and n2 committed different entries at index 2");
}

TEST(CommittedEntries, are_committed_before_they_are_applied_and_are_those_of_the_log) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2}) run.say(node, 1, append(2, 1, {{Term{1}, 12}}));
  auto early = run;
  early.say(1, 1, Applied{Index{2}, {{Term{1}, 12}}}).say(1, 1, Committed{Index{2}});
  EXPECT_EQ(early.judge()["committed entries"].message,
            "n1 applied entry 2 before it was committed");
  run.say(1, 1, Committed{Index{2}}).say(1, 1, Applied{Index{2}, {{Term{1}, 13}}});
  EXPECT_EQ(run.judge()["committed entries"].message,
            "n1 applied an entry at index 2 that is not the one of its log");
}

TEST(CommittedEntries, are_applied_before_a_snapshot_includes_them) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2}) run.say(node, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Committed{Index{2}}).say(1, 1, SnapshotTaken{Index{2}, Term{1}, 7});
  EXPECT_EQ(run.judge()["committed entries"].message,
            "n1 took a snapshot up to entry 2, but had applied only up to 1");
}

}  // namespace
}  // namespace sunder::checker::raft
