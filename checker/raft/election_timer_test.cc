#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;

/// Three nodes with election timeouts of at least 10 ms; n1 becomes a candidate, n2 votes for it.
Transcript with_a_vote() {
  Transcript run;
  for (const int node : {1, 2, 3}) {
    run.say(node, 0, Started{}).say(node, 0, Transcript::three_voters());
    run.say(node, 0, ElectionTimeout{std::chrono::milliseconds(10)});
  }
  run.say(1, 1, BecameCandidate{}).say(1, 1, VoteGranted{NodeId{1}});
  return run.say(2, 1, BecameFollower{}).say(2, 1, VoteGranted{NodeId{1}});
}

TEST(ElectionTimer, a_voter_waits_before_its_own_candidacy) {
  auto run = with_a_vote();
  run.say(2, 2, BecameCandidate{});
  EXPECT_THAT(run.broken(), ElementsAre("election timer"));
  EXPECT_EQ(run.judge()["election timer"].message,
            "n2 became a candidate 4.0 ms after n1, for which it had voted; it should have waited "
            "for 10 ms");
  auto patient = with_a_vote();
  patient.wait(6).say(2, 2, BecameCandidate{});
  EXPECT_THAT(patient.broken(), ElementsAre());
}

TEST(ElectionTimer, a_leadership_transfer_or_an_altered_clock_excuses_the_wait) {
  auto told = with_a_vote();
  told.say(2, 2, BecameCandidate{.leadership_transfer = true});
  EXPECT_THAT(told.broken(), ElementsAre());
  auto ahead = with_a_vote();
  ahead.say(2, 1, ElectionTimeout{}).say(2, 2, BecameCandidate{});
  EXPECT_THAT(ahead.broken(), ElementsAre());
  auto restarted = with_a_vote();
  restarted.say(2, 1, Started{NodeId{1}, {}, {}, {}}).say(2, 2, BecameCandidate{});
  EXPECT_THAT(restarted.broken(), ElementsAre());
}

/// n1 becomes a candidate 40 times, each time after `wait` of how often it did before.
Transcript with_waits(const std::function<int(int)>& wait) {
  auto run = with_a_vote();
  for (int time = 0; time < 40; ++time) {
    const auto term = static_cast<std::uint64_t>(time) + 2;
    run.wait(wait(time)).say(1, term, BecameCandidate{}).say(1, term, VoteGranted{NodeId{1}});
  }
  return run;
}

TEST(ElectionTimer, waits_of_nearly_one_length_are_not_randomized) {
  auto alike = with_waits([](int) { return 150; });
  EXPECT_THAT(alike.broken(), ElementsAre("election timer"));
  EXPECT_EQ(alike.judge()["election timer"].message,
            "40 of 40 times a candidate started its next election after 152 to 154 ms: election "
            "timeouts must be randomized");
  auto delayed = with_waits([](int time) { return time % 4 == 0 ? 150 + 4 * time : 150; });
  EXPECT_THAT(delayed.broken(), ElementsAre("election timer"));
  auto different = with_waits([](int time) { return 150 + 3 * time; });
  EXPECT_THAT(different.broken(), ElementsAre());
}

TEST(ElectionTimer, a_candidate_that_became_follower_in_between_is_not_timed) {
  auto run = with_a_vote();
  for (std::uint64_t term = 2; term < 50; ++term) {
    run.wait(150).say(1, term, BecameCandidate{}).say(1, term, BecameFollower{NodeId{2}});
  }
  EXPECT_THAT(run.broken(), ElementsAre());
}

}  // namespace
}  // namespace sunder::checker::raft
