#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;

TEST(ElectionMajority, a_leader_without_a_majority_of_votes_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority"));
  EXPECT_EQ(run.judge()["election majority"].message,
            "n2 became leader of term 2 without the votes of a majority: only n2 of 3 voters had "
            "voted for it");
}

TEST(ElectionMajority, a_vote_that_comes_too_late_elects_nobody) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  run.say(3, 2, VoteGranted{NodeId{2}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority"));
}

TEST(ElectionMajority, votes_of_another_term_or_of_nobody_s_voters_do_not_count) {
  auto older = Transcript::with_leader();
  older.say(3, 2, VoteGranted{NodeId{2}});
  older.say(2, 3, BecameCandidate{}).say(2, 3, VoteGranted{NodeId{2}});
  older.say(2, 3, BecameLeader{Index{1}});
  EXPECT_THAT(older.broken(), ElementsAre("election majority", "election restriction"));
  auto learner = Transcript::with_leader();
  for (const int node : {1, 2, 3}) {
    learner.say(node, 1, Configuration{Index{1}, {NodeId{1}, NodeId{2}}, {}, {NodeId{3}}});
  }
  learner.elect(2, 2, 3, 1);
  EXPECT_THAT(learner.broken(), ElementsAre("election majority"));
}

TEST(ElectionMajority, both_sets_of_voters_decide_while_they_change) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Configuration{Index{1}, {NodeId{2}}, {NodeId{1}, NodeId{2}, NodeId{3}}, {}});
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority"));
}

TEST(ElectionMajority, voters_that_are_not_known_leave_it_open) {
  Transcript run;
  run.say(1, 0, Started{})
      .say(1, 1, BecameCandidate{})
      .say(1, 1, VoteGranted{NodeId{1}})
      .say(1, 1, BecameLeader{Index{0}});
  EXPECT_EQ(run.judge()["election majority"].message,
            "the trace of n1 does not say who the voters of term 1 were");
  EXPECT_EQ(run.judge()["election majority"].validity, Validity::unknown);
}

TEST(ElectionMajority, only_a_candidate_becomes_leader_and_with_the_log_that_it_has) {
  auto run = Transcript::with_leader();
  run.elect(2, 2, 3, 5);
  EXPECT_EQ(run.judge()["election majority"].message,
            "n2 became leader of term 2 with a log up to 5, but its log ended at 1");
  auto no_candidate = Transcript::with_leader();
  no_candidate.say(2, 2, VoteGranted{NodeId{2}}).say(3, 2, VoteGranted{NodeId{2}});
  no_candidate.say(2, 2, BecameLeader{Index{1}});
  EXPECT_EQ(no_candidate.judge()["election majority"].message,
            "n2 became leader of term 2 without being a candidate");
}

}  // namespace
}  // namespace sunder::checker::raft
