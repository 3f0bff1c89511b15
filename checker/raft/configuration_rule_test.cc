#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Configuration voters_at(std::uint64_t index, std::vector<NodeId> voters,
                        std::vector<NodeId> outgoing = {}) {
  return {Index{index}, std::move(voters), std::move(outgoing), {}};
}

const std::vector<NodeId> all_three{NodeId{1}, NodeId{2}, NodeId{3}};

/// The leader, node 1, changes the voters to itself, as an entry behind what it has committed.
Transcript change_to_one(const Configuration& configuration) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, configuration);
  return run;
}

TEST(ConfigurationRule, a_change_in_two_steps_is_valid_and_one_step_of_two_voters_is_not) {
  EXPECT_THAT(change_to_one(voters_at(2, {NodeId{1}}, all_three)).broken(), ElementsAre());
  EXPECT_THAT(change_to_one(voters_at(2, {NodeId{1}, NodeId{2}})).broken(), ElementsAre());
  const auto run = change_to_one(voters_at(2, {NodeId{1}}));
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_EQ(
      run.judge()["configuration"].message,
      "n1, leader of term 1, changed the voters from n1, n2, n3 to n1 in one step: a majority "
      "of the old voters and one of the new voters need not overlap");
}

TEST(ConfigurationRule, one_change_waits_for_the_other) {
  auto run = change_to_one(voters_at(2, {NodeId{1}, NodeId{2}}, all_three));
  run.say(1, 1, append(3, 1, {{Term{1}, 13}})).say(1, 1, voters_at(3, {NodeId{1}, NodeId{2}}));
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_THAT(run.judge()["configuration"].message,
              HasSubstr("before the change at 2 was committed"));
}

TEST(ConfigurationRule, a_new_leader_commits_in_its_own_term_first) {
  auto run = Transcript::with_leader();
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}, {Term{2}, 23}}));
  run.say(2, 2, voters_at(3, {NodeId{1}, NodeId{2}}, all_three));
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_THAT(run.judge()["configuration"].message, HasSubstr("an entry of its own term"));
}

TEST(ConfigurationRule, a_restart_finds_the_latest_in_the_log) {
  const auto changed = [] {
    auto run = change_to_one(voters_at(2, {NodeId{1}, NodeId{2}}, all_three));
    return run.say(1, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  };
  EXPECT_THAT(changed().say(1, 1, voters_at(2, {NodeId{1}, NodeId{2}}, all_three)).broken(),
              ElementsAre());
  const auto run = changed().say(1, 1, Transcript::three_voters());
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_THAT(run.judge()["configuration"].message,
              HasSubstr("n1 uses the voters of entry 0 (n1, n2, n3), but entry 2 of its log"));
}

TEST(ConfigurationRule, one_that_is_truncated_gives_way_to_the_one_before) {
  auto run = change_to_one(voters_at(2, {NodeId{1}, NodeId{2}}, all_three));
  run.say(1, 2, BecameFollower{}).say(1, 2, Truncated{Index{2}});
  run.say(1, 2, Transcript::three_voters());
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(ConfigurationRule, a_truncation_that_removes_the_voters_brings_back_those_before_them) {
  const Configuration four{Index{2}, {NodeId{1}, NodeId{2}, NodeId{3}, NodeId{4}}, {}, {}};
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, four);
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(1, 2, BecameFollower{NodeId{2}}).say(1, 2, Truncated{Index{2}});
  auto taken_up = run;
  taken_up.say(1, 2, Transcript::three_voters()).say(1, 2, append(2, 1, {{Term{2}, 22}}));
  EXPECT_EQ(taken_up.judge()["configuration"].validity, Validity::valid);
  run.say(1, 2, append(2, 1, {{Term{2}, 22}}));
  const auto result = run.judge()["configuration"];
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message,
            "n1 removed entry 2 with the voters n1, n2, n3, n4 from its log, and did not take up "
            "the voters before them again");
}

TEST(ConfigurationRule, one_entry_has_the_same_voters_each_time) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Configuration{Index{2}, {NodeId{1}, NodeId{2}}, {}, {}});
  run.say(1, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  run.say(1, 1, Configuration{Index{2}, {NodeId{1}, NodeId{3}}, {}, {}});
  EXPECT_EQ(run.judge()["configuration"].message,
            "n1 uses the voters n1, n3 by entry 2, by which it had used n1, n2");
}

}  // namespace
}  // namespace sunder::checker::raft
