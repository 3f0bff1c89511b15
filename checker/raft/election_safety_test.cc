#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ElectionSafety, two_leaders_of_one_term_are_named_with_their_moments) {
  auto run = Transcript::with_leader();
  run.say(3, 1, BecameLeader{Index{1}});
  const auto result = run.judge()["election safety"];
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message, "n1 and n3 both led term 1");
  ASSERT_EQ(result.evidence.size(), 2U);
  EXPECT_EQ(result.evidence[0].node, "n1");
  EXPECT_EQ(result.evidence[0].term, 1U);
  EXPECT_EQ(result.evidence[1].node, "n3");
  EXPECT_EQ(result.evidence[1].what, "n3 became leader");
}

TEST(ElectionSafety, two_votes_in_one_term_are_invalid_even_across_a_restart) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  run.say(2, 1, VoteGranted{NodeId{3}}).say(2, 1, Committed{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("durability", "election restriction", "election safety"));
  EXPECT_EQ(run.judge()["election safety"].message, "n2 voted twice in term 1: for n1 and for n3");
}

TEST(ElectionSafety, a_vote_that_was_said_counts_though_the_node_dies_and_forgets_it) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameFollower{}).say(2, 2, VoteGranted{NodeId{1}});
  run.say(2, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  run.say(2, 2, VoteGranted{NodeId{3}});
  EXPECT_EQ(run.judge()["election safety"].message, "n2 voted twice in term 2: for n1 and for n3");
}

TEST(ElectionSafety, a_vote_that_came_back_from_disk_counts) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameFollower{}).say(2, 2, VoteGranted{NodeId{1}});
  run.say(2, 2, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  run.say(2, 2, VoteGranted{NodeId{3}}).say(2, 2, Committed{Index{1}});
  EXPECT_EQ(run.judge()["election safety"].message, "n2 voted twice in term 2: for n1 and for n3");
}

TEST(ElectionSafety,
     a_node_with_a_new_disk_that_joins_again_may_vote_in_a_term_of_its_earlier_life) {
  const auto revoted = [](const Configuration& configuration) {
    auto run = Transcript::with_leader();
    run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
    run.say(2, 0, Started{}).say(2, 0, configuration);
    run.say(2, 2, BecameFollower{}).say(2, 2, VoteGranted{NodeId{3}});
    return run.judge()["election safety"];
  };
  EXPECT_EQ(revoted({Index{0}, {NodeId{1}, NodeId{3}}, {}, {}}).validity, Validity::valid);
  EXPECT_EQ(revoted(Transcript::three_voters()).message,
            "n2 voted twice in term 2: for n2 and for n3");
}

TEST(ElectionSafety, the_same_vote_given_again_is_fine) {
  auto run = Transcript::with_leader();
  run.elect(3, 2, 2, 1).say(2, 2, VoteGranted{NodeId{3}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(ElectionSafety, a_leader_that_goes_on_in_a_later_term_leads_that_term) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameLeader{Index{1}}).say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(1, 2, append(2, 1, {{Term{2}, 33}}));
  EXPECT_EQ(run.judge()["election safety"].message, "n2 and n1 both led term 2");
}

TEST(ElectionSafety, a_leader_seen_on_the_wire_is_the_one_of_the_traces) {
  auto run = Transcript::with_leader();
  run.say(1, 1, Sent{Index{2}, Term{1}, {}});
  EXPECT_THAT(run.broken(), ElementsAre());
  EXPECT_THAT(run.judge()["election safety"].message, HasSubstr("1 leaders were seen on the wire"));
  run.say(3, 1, Sent{Index{2}, Term{1}, {}});
  const auto result = run.judge()["election safety"];
  EXPECT_EQ(result.message, "n1 and n3 both led term 1");
  EXPECT_EQ(result.evidence.at(1).what, "n3 sent messages as leader");
}

TEST(ElectionSafety, a_leader_seen_on_the_wire_and_in_no_trace_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(3, 2, Sent{Index{2}, Term{1}, {}});
  EXPECT_EQ(run.judge()["election safety"].message,
            "n3 sent messages as leader of term 2, but did not become leader in its trace");
}

}  // namespace
}  // namespace sunder::checker::raft
