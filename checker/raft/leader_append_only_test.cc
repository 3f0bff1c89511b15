#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;

TEST(LeaderAppendOnly, a_leader_that_truncates_its_log_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Truncated{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre("leader append-only"));
  const auto result = run.judge()["leader append-only"];
  EXPECT_EQ(result.evidence[1].index, 2U);
  EXPECT_EQ(result.evidence[1].term, 1U);
}

TEST(LeaderAppendOnly, a_leader_that_overwrites_its_log_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, append(2, 1, {{Term{1}, 12}}));
  EXPECT_THAT(run.broken(), ElementsAre("leader append-only"));
}

TEST(LeaderAppendOnly, a_former_leader_may_truncate) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 2, BecameFollower{}).say(1, 2, Truncated{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

}  // namespace
}  // namespace sunder::checker::raft
