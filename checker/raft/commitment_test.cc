#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Commitment, what_no_majority_holds_is_not_committed) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Committed{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
  EXPECT_EQ(run.judge()["commitment"].message,
            "n1, leader of term 1, committed entry 2 before a majority held it: only n1 did");
  // Whoever gets it later did not hold it then.
  run.say(2, 1, append(2, 1, {{Term{1}, 12}}));
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
}

TEST(Commitment, a_snapshot_that_reaches_so_far_holds_the_entry) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(2, 1, SnapshotInstalled{Index{2}, Term{1}, 5, false});
  run.say(1, 1, Committed{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Commitment, a_leader_does_not_commit_an_older_term_by_counting) {
  // Figure 8 of the paper, before any harm is done.
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.elect(1, 2, 2, 2).say(1, 2, Committed{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
  EXPECT_THAT(run.judge()["commitment"].message, HasSubstr("entry 2 of term 1 by counting"));
}

TEST(Commitment, a_commit_index_goes_back_only_with_a_restart) {
  auto run = eventful_run();
  run.say(2, 3, Committed{Index{4}});
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
  EXPECT_EQ(run.judge()["commitment"].message, "the commit index of n2 went back from 5 to 4");
}

}  // namespace
}  // namespace sunder::checker::raft
