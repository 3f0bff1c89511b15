#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ElectionRestriction, a_vote_for_a_log_behind_the_voter_s_is_invalid) {
  auto shorter = Transcript::with_leader();
  for (const int node : {1, 3}) shorter.say(node, 1, append(2, 1, {{Term{1}, 12}}));
  shorter.elect(2, 2, 3, 1);
  EXPECT_THAT(shorter.broken(), ElementsAre("election restriction"));
  EXPECT_EQ(shorter.judge()["election restriction"].message,
            "n3 voted in term 2 for n2, whose log was less up to date");
  // A later last term outweighs any length.
  auto later = Transcript::with_leader();
  later.say(2, 1, append(2, 1, {{Term{1}, 12}, {Term{1}, 13}}));
  later.elect(1, 2, 3, 1).say(1, 2, append(2, 1, {{Term{2}, 22}}));
  later.elect(2, 3, 1, 3);
  EXPECT_THAT(later.broken(), Contains("election restriction"));
}

TEST(ElectionRestriction, votes_go_to_candidates_only) {
  auto run = Transcript::with_leader();
  run.say(3, 2, BecameFollower{}).say(3, 2, VoteGranted{NodeId{2}});
  EXPECT_EQ(run.judge()["election restriction"].message,
            "n3 voted in term 2 for n2, which was no candidate then");
}

}  // namespace
}  // namespace sunder::checker::raft
