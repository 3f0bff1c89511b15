#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(LogMatching, one_index_and_term_with_two_contents_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 99}}));
  EXPECT_THAT(run.broken(), ElementsAre("log matching"));
  const auto result = run.judge()["log matching"];
  EXPECT_EQ(result.message, "n1 and n2 hold different entries at index 2 of term 1");
  EXPECT_EQ(result.evidence[0].index, 2U);
}

TEST(LogMatching, one_entry_behind_two_different_ones_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}, {Term{2}, 23}}));
  run.say(1, 2, BecameFollower{}).say(1, 2, append(3, 1, {{Term{2}, 23}}));
  EXPECT_THAT(run.broken(), ElementsAre("log matching"));
  EXPECT_THAT(run.judge()["log matching"].message, HasSubstr("not the same entry before it"));
}

TEST(LogMatching, also_holds_entries_that_came_back_from_disk) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 66}}});
  EXPECT_THAT(run.broken(), ElementsAre("durability", "log matching", "witnesses"));
}

TEST(LogMatching, entries_on_the_wire_are_those_of_the_traces) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Sent{Index{1}, {}, {{Term{1}, 11}}});
  EXPECT_THAT(run.broken(), ElementsAre());
  EXPECT_THAT(run.judge()["log matching"].message, HasSubstr("; 1 of them were seen on the wire"));
  run.say(1, 1, Sent{Index{2}, Term{1}, {{Term{1}, 66}}});
  EXPECT_EQ(run.judge()["log matching"].message,
            "n1 and n1 hold different entries at index 2 of term 1");
}

TEST(LogMatching, what_was_on_the_wire_may_be_read_before_the_traces) {
  const auto run = Transcript::with_leader();
  Invariants invariants;
  const std::chrono::seconds later{1};
  invariants.observe({later, NodeId{1}, Term{1}, Sent{Index{1}, {}, {{Term{1}, 11}}}});
  for (const auto& record : run.records()) invariants.observe(record);
  for (const auto& result : invariants.finish()) {
    EXPECT_EQ(result.validity, Validity::valid) << result.name << ": " << result.message;
  }
}

TEST(LogMatching, an_entry_on_the_wire_that_no_trace_has_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, Sent{Index{2}, Term{1}, {{Term{1}, 12}}});
  EXPECT_EQ(run.judge()["log matching"].message,
            "n1 sent an entry at index 2 of term 1 that is in no trace");
}

TEST(LogMatching, without_whole_traces_an_entry_on_the_wire_may_be_in_one_that_is_lost) {
  Invariants invariants;
  const auto run = Transcript::with_leader();
  for (const auto& record : run.records()) invariants.observe(record);
  invariants.observe({{}, NodeId{1}, Term{1}, Sent{Index{2}, Term{1}, {{Term{1}, 12}}}});
  invariants.report_gap(Witness::traces, "a trace is lost");
  for (const auto& result : invariants.finish()) {
    EXPECT_EQ(result.validity, Validity::unknown) << result.name;
  }
}

TEST(LogMatching, every_entry_was_appended_by_the_leader_of_its_term) {
  auto run = Transcript::with_leader();
  run.say(2, 1, append(2, 1, {{Term{1}, 12}}));
  EXPECT_EQ(run.judge()["log matching"].message,
            "n2 has an entry at index 2 of term 1 that no leader of that term appended");
}

TEST(LogMatching, a_node_appends_only_behind_the_entry_that_its_log_ends_with) {
  auto run = Transcript::with_leader();
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 2, {{Term{2}, 22}}));
  EXPECT_EQ(run.judge()["log matching"].message,
            "n2 appended entry 2 behind an entry of term 2, but its log has one of term 1 there");
}

}  // namespace
}  // namespace sunder::checker::raft
