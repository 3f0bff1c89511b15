#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(LeaderCompleteness, a_leader_without_a_committed_entry_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Committed{Index{2}});
  run.say(3, 2, BecameLeader{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority", "leader completeness"));
  const auto result = run.judge()["leader completeness"];
  EXPECT_EQ(result.message,
            "n3 became leader of term 2 without entry 2 of term 1, which n1 committed in term 1");
  EXPECT_EQ(result.evidence[1].what, "n3 became leader; its log ends at 1");
}

TEST(LeaderCompleteness, another_entry_in_the_committed_one_s_place_is_invalid) {
  // Figure 8 of the paper: an entry of an older term is committed by counting and lost.
  auto run = Transcript::with_leader();
  run.say(1, 2, BecameLeader{Index{1}}).say(1, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(3, 3, BecameLeader{Index{1}}).say(3, 3, append(2, 1, {{Term{3}, 32}}));
  run.say(1, 4, BecameLeader{Index{2}}).say(1, 4, Committed{Index{2}});
  run.say(3, 5, BecameLeader{Index{2}});
  EXPECT_THAT(run.broken(), Contains("leader completeness"));
  EXPECT_THAT(run.judge()["leader completeness"].evidence[1].what,
              HasSubstr("its log has an entry of term 3 there"));
}

TEST(LeaderCompleteness, a_commit_of_a_later_term_says_nothing_about_earlier_leaders) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameLeader{Index{1}}).say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(3, 3, BecameLeader{Index{1}}).say(3, 3, append(2, 1, {{Term{3}, 32}}));
  run.say(1, 3, BecameFollower{}).say(1, 3, append(2, 1, {{Term{3}, 32}}));
  run.say(3, 3, Committed{Index{2}});
  EXPECT_EQ(run.judge()["leader completeness"].validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::checker::raft
