#include "harness/node_timeline.h"

#include <vector>

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using results::Role;
using std::chrono::milliseconds;

trace::Record at(int time_ms, std::uint64_t term, trace::Event event) {
  return {milliseconds(time_ms), NodeId{2}, Term{term}, std::move(event)};
}

history::Event kill(int time_ms, const char* node) {
  history::Event event;
  event.process = history::ProcessId::nemesis;
  event.type = history::EventType::info;
  event.f = "kill";
  event.time = milliseconds(time_ms);
  event.value = history::Object{{"targets", history::List{node}}};
  return event;
}

results::NodeTimeline timeline_of(const std::vector<trace::Record>& records,
                                  const std::vector<history::Event>& faults) {
  NodeTimelineBuilder builder("n2", faults);
  for (const auto& record : records) builder.add(record);
  return builder.finish(milliseconds(100));
}

TEST(NodeTimeline, a_killed_node_is_down_until_it_starts_again) {
  const std::vector records{at(10, 0, trace::Started{}), at(20, 1, trace::BecameCandidate{}),
                            at(30, 1, trace::BecameLeader{}), at(90, 1, trace::Started{})};
  const std::vector faults{kill(50, "n2"), kill(60, "n3")};
  const auto timeline = timeline_of(records, faults);
  std::vector<Role> roles;
  for (const auto& span : timeline.roles) roles.push_back(span.role);
  EXPECT_EQ(roles, (std::vector{Role::follower, Role::candidate, Role::leader, Role::down,
                                Role::follower}));
  EXPECT_EQ(timeline.roles[3].from, milliseconds(50));
  EXPECT_EQ(timeline.roles[3].until, milliseconds(90));
  EXPECT_EQ(timeline.roles.back().until, milliseconds(100));
}

TEST(NodeTimeline, a_new_term_begins_a_new_span_and_commits_are_kept) {
  const std::vector records{at(10, 1, trace::Started{}), at(20, 2, trace::BecameFollower{}),
                            at(25, 2, trace::BecameFollower{}), at(30, 2, trace::Committed{{7}})};
  const auto timeline = timeline_of(records, {});
  ASSERT_EQ(timeline.roles.size(), 2U);
  EXPECT_EQ(timeline.roles[1].term, 2U);
  ASSERT_EQ(timeline.commits.size(), 1U);
  EXPECT_EQ(timeline.commits[0].index, 7U);
}

TEST(NodeTimeline, votes_and_followers_name_the_other_node) {
  const std::vector records{
      at(10, 3, trace::VoteGranted{NodeId{2}}), at(20, 4, trace::VoteGranted{NodeId{1}}),
      at(30, 4, trace::BecameFollower{}), at(40, 4, trace::BecameFollower{NodeId{1}})};
  const auto marks = timeline_of(records, {}).marks;
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].text, "voted for n2");
  EXPECT_EQ(marks[0].peer, "");
  EXPECT_EQ(marks[1].peer, "n1");
  EXPECT_EQ(marks[2].text, "follows n1");
  EXPECT_EQ(marks[2].peer, "n1");
}

}  // namespace
}  // namespace sunder::harness
