#include "harness/shrink/reductions.h"

#include <gmock/gmock.h>

#include "harness/shrink/numbered_faults_test.h"
#include "node/api/nodes_test.h"

namespace sunder::harness::shrink {
namespace {

using namespace std::chrono_literals;
using nemesis::NodeEvent;
using testing::ElementsAre;

Fails needing(const std::vector<int>& needed, int* tries = nullptr) {
  return [needed, tries](const Candidate& candidate) {
    if (tries != nullptr) ++*tries;
    const auto ids = ids_of(candidate);
    return std::all_of(needed.begin(), needed.end(), [&ids](int id) {
      return std::find(ids.begin(), ids.end(), id) != ids.end();
    });
  };
}

TEST(Reductions, leave_just_the_faults_that_are_needed) {
  EXPECT_THAT(ids_of(with_fewer_faults(candidate_with(17), needing({3, 11, 12}))),
              ElementsAre(3, 11, 12));
  EXPECT_THAT(ids_of(with_fewer_faults(candidate_with(8), needing({8}))), ElementsAre(8));
}

TEST(Reductions, what_fails_without_faults_needs_one_try) {
  int tries = 0;
  EXPECT_THAT(ids_of(with_fewer_faults(candidate_with(9), needing({}, &tries))), ElementsAre());
  EXPECT_EQ(tries, 1);
}

TEST(Reductions, what_needs_everything_keeps_everything) {
  EXPECT_THAT(ids_of(with_fewer_faults(candidate_with(3), needing({1, 2, 3}))),
              ElementsAre(1, 2, 3));
}

TEST(Reductions, the_last_seconds_are_tried_by_themselves) {
  auto candidate = candidate_with(9);
  candidate.plan.time_limit = 12s;
  const auto last = with_only_what_came_shortly_before(candidate, 8700ms, needing({7, 8}));
  EXPECT_THAT(ids_of(last), ElementsAre(7, 8));
  EXPECT_EQ(last.schedule.faults[0].at, 500ms);
  EXPECT_EQ(last.plan.time_limit, 5500ms);
  int tries = 0;
  const auto same = with_only_what_came_shortly_before(candidate, 8700ms, needing({1, 8}, &tries));
  EXPECT_EQ(ids_of(same).size(), 9U);
  EXPECT_EQ(tries, 3);
}

TEST(Reductions, nobody_waits_for_the_first_fault) {
  auto candidate = candidate_with(9);
  candidate.schedule.faults.erase(candidate.schedule.faults.begin(),
                                  candidate.schedule.faults.begin() + 6);
  candidate.plan.time_limit = 10s;
  const auto sooner = without_the_wait(candidate, [](const Candidate&) { return true; });
  EXPECT_EQ(sooner.schedule.faults[0].at, 500ms);
  EXPECT_EQ(sooner.schedule.faults[2].at, 2500ms);
  EXPECT_EQ(sooner.plan.time_limit, 3500ms);
  const auto same = without_the_wait(candidate, [](const Candidate&) { return false; });
  EXPECT_EQ(same.schedule.faults[0].at, 7s);
}

TEST(Reductions, a_plan_shrinks_as_far_as_it_fails) {
  auto candidate = candidate_with(1);
  candidate.plan.time_limit = 30s;
  candidate.plan.concurrency = 10;
  candidate.plan.keys = 5;
  candidate.plan.nodes = 5;
  const auto smaller = with_a_smaller_plan(candidate, [](const Candidate& each) {
    return each.plan.time_limit >= 2s && each.plan.concurrency >= 3 && each.plan.nodes >= 3;
  });
  EXPECT_LE(smaller.plan.time_limit, 3s);
  EXPECT_GE(smaller.plan.time_limit, 2s);
  EXPECT_EQ(smaller.plan.concurrency, 5);
  EXPECT_EQ(smaller.plan.keys, 1);
  EXPECT_EQ(smaller.plan.nodes, 3);
}

TEST(Reductions, a_node_that_a_fault_names_stays) {
  auto candidate = candidate_with(1);
  candidate.plan.nodes = 5;
  candidate.schedule.faults.front().target = {nemesis::TargetRule::nodes, {n4}};
  EXPECT_EQ(with_a_smaller_plan(candidate, [](const Candidate&) { return true; }).plan.nodes, 5);
}

history::RunRecord strike(int id, history::Time time) {
  return {time, history::FaultInjected{{"kill", id, "kill", "", {}, {}}, {}, {}, {}, {}}};
}

TEST(Reductions, a_time_becomes_the_event_that_came_before_it) {
  Recording recording;
  recording.faults = {strike(1, 1s), strike(2, 2s)};
  recording.records = {{900ms, NodeId{2}, Term{2}, trace::BecameCandidate{}},
                       {950ms, NodeId{2}, Term{2}, trace::BecameLeader{}},
                       {1100ms, NodeId{3}, Term{3}, trace::BecameCandidate{}}};
  const auto triggered =
      with_triggers(candidate_with(2), recording, [](const Candidate&) { return true; });
  const auto& faults = triggered.schedule.faults;
  ASSERT_TRUE(faults[0].trigger);
  EXPECT_EQ(faults[0].trigger->event, NodeEvent::became_leader);
  EXPECT_LT(faults[0].at, 1s);
  EXPECT_FALSE(faults[1].trigger);
}

TEST(Reductions, times_become_round_as_far_as_it_fails) {
  auto candidate = candidate_with(1);
  candidate.schedule.faults[0].at = 394'432us;
  candidate.schedule.faults[0].duration = 277'471us;
  const auto rounded = with_round_times(candidate, [](const Candidate&) { return true; });
  EXPECT_EQ(rounded.schedule.faults[0].at, 300ms);
  EXPECT_EQ(rounded.schedule.faults[0].duration, 200ms);
  const auto finer = with_round_times(
      candidate, [](const Candidate& each) { return each.schedule.faults[0].at >= 390ms; });
  EXPECT_EQ(finer.schedule.faults[0].at, 390ms);
}

TEST(Reductions, a_trigger_that_does_not_fail_is_not_taken) {
  Recording recording;
  recording.faults = {strike(1, 1s)};
  recording.records = {{950ms, NodeId{2}, Term{2}, trace::BecameLeader{}}};
  const auto same =
      with_triggers(candidate_with(1), recording, [](const Candidate&) { return false; });
  EXPECT_FALSE(same.schedule.faults[0].trigger);
}

}  // namespace
}  // namespace sunder::harness::shrink
