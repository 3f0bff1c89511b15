#include "harness/judge/timeline.h"

#include <algorithm>
#include <regex>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>

#include "nemesis/schedule/fault_kind.h"
#include "results/page/assets.h"

namespace sunder::harness {
namespace {

using results::Role;
using std::chrono::milliseconds;

trace::Record at(int time_ms, std::uint64_t term, trace::Event event) {
  return {milliseconds(time_ms), NodeId{2}, Term{term}, std::move(event)};
}

history::RunRecord injected(int time_ms, history::FaultDescription fault) {
  return {milliseconds(time_ms), history::FaultInjected{std::move(fault), {}, {}, {}, {}}};
}

history::RunRecord kill(int time_ms, const char* node) {
  return injected(time_ms, {"kill", 1, "kill", "", {}, {node}});
}

results::NodeTimeline timeline_of(const std::vector<trace::Record>& records,
                                  const std::vector<history::RunRecord>& faults) {
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

TEST(NodeTimeline, a_node_that_is_replaced_is_down_until_the_next_one_starts) {
  for (const char* change : {"remove", "replace", "grow"}) {
    const auto fault =
        injected(50, {"membership", 1, "membership", "", {{"change", change}}, {"n2"}});
    const std::vector records{at(10, 0, trace::Started{}), at(90, 1, trace::Started{})};
    const auto timeline = timeline_of(records, {fault});
    const bool goes_down =
        timeline.roles[1].role == Role::down && timeline.roles[1].from == milliseconds(50);
    EXPECT_EQ(goes_down, change != std::string("remove")) << change;
  }
}

TEST(NodeTimeline, a_node_that_an_ambush_killed_is_down) {
  const std::vector records{at(10, 0, trace::Started{}), at(90, 1, trace::Started{})};
  const auto ambush = injected(50, {"ambush", 1, "kill", "voters", {}, {"n2"}});
  EXPECT_EQ(timeline_of(records, {ambush}).roles[1].role, Role::down);
}

TEST(NodeTimeline, a_node_that_starts_again_was_down_since_it_was_last_heard_of) {
  const std::vector records{at(10, 0, trace::Started{}), at(60, 1, trace::Started{}),
                            at(70, 1, trace::BecameFollower{}), at(90, 1, trace::Started{})};
  const auto storm = injected(
      50, {"restart-storm", 1, "restart-storm", "", {{"down", "20ms"}, {"up", "30ms"}}, {"n2"}});
  const auto roles = timeline_of(records, {storm}).roles;
  ASSERT_EQ(roles.size(), 5U);
  EXPECT_EQ(roles[1].role, Role::down);
  EXPECT_EQ(roles[1].from, milliseconds(50));
  EXPECT_EQ(roles[3].role, Role::down);
  EXPECT_EQ(roles[3].from, milliseconds(70));
  EXPECT_EQ(roles[3].until, milliseconds(90));
}

TEST(NodeTimeline, the_live_page_knows_the_kinds_that_end_processes) {
  std::vector<std::string> kinds;
  nemesis::Random random(1);
  for (const auto* kind : nemesis::fault_kinds()) {
    std::vector<nemesis::Fault> faults;
    for (int i = 0; i < 50; ++i) {
      for (const auto& fault : kind->draw("", random)) faults.push_back(fault);
    }
    const bool ends_processes = std::any_of(faults.begin(), faults.end(), [](const auto& fault) {
      return fault.action.kind().ends_processes(fault.action);
    });
    if (ends_processes) kinds.emplace_back(kind->name());
  }
  const std::string script(results::page_asset("run_events.js"));
  const auto begin = script.find("const ending = {");
  const auto table = script.substr(begin, script.find("};", begin) - begin);
  const std::regex row("  \"([a-z-]+)\": ");
  const std::sregex_iterator rows(table.begin(), table.end(), row);
  std::vector<std::string> known;
  std::for_each(rows, {}, [&](const std::smatch& match) { known.push_back(match[1]); });
  EXPECT_THAT(known, testing::UnorderedElementsAreArray(kinds));
}

TEST(NodeTimeline, the_live_page_has_room_for_the_longest_name_of_a_kind) {
  std::size_t longest = 0;
  for (const auto* kind : nemesis::fault_kinds()) longest = std::max(longest, kind->name().size());
  EXPECT_THAT(std::string(results::page_asset("run_events.js")),
              testing::HasSubstr("longestKindName = " + std::to_string(longest) + ";"));
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

TEST(NodeTimeline, what_a_node_says_when_asked_holds_until_it_says_something_else_or_dies) {
  const std::vector faults{kill(50, "n2")};
  NodeTimelineBuilder builder("n2", faults);
  for (const auto& [time_ms, role, term] : {std::tuple{10, "follower", 1},
                                            {20, "candidate", 2},
                                            {30, "leader", 2},
                                            {40, "leader", 2},
                                            {80, "follower", 3}}) {
    builder.add({milliseconds(time_ms), "n2", role, static_cast<std::uint64_t>(term)});
  }
  const auto timeline = builder.finish(milliseconds(100));
  const auto span = [](int from, int until, Role role, std::uint64_t term) {
    return results::RoleSpan{milliseconds(from), milliseconds(until), role, term};
  };
  const std::vector expected{span(10, 20, Role::follower, 1), span(20, 30, Role::candidate, 2),
                             span(30, 50, Role::leader, 2), span(50, 80, Role::down, 2),
                             span(80, 100, Role::follower, 3)};
  ASSERT_EQ(timeline.roles.size(), expected.size());
  for (std::size_t place = 0; place < expected.size(); ++place) {
    EXPECT_EQ(timeline.roles[place].from, expected[place].from) << place;
    EXPECT_EQ(timeline.roles[place].until, expected[place].until) << place;
    EXPECT_EQ(timeline.roles[place].role, expected[place].role) << place;
    EXPECT_EQ(timeline.roles[place].term, expected[place].term) << place;
  }
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
