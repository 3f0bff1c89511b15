#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Witnesses, saw_only_entries_that_the_sender_had) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Sent{Index{2}, Term{1}, {{Term{1}, 12}}});
  EXPECT_THAT(run.broken(), IsEmpty());
  run.elect(2, 2, 3, 1).say(2, 2, Sent{Index{2}, Term{1}, {{Term{1}, 12}}});
  EXPECT_THAT(run.judge()["witnesses"].message,
              HasSubstr("n2 sent an entry at index 2 of term 1 with digest 000000000000000c, which "
                        "it had not appended"));
}

TEST(Witnesses, saw_an_entry_only_after_the_sender_had_it) {
  auto run = Transcript::with_leader();
  run.say(1, 1, Sent{Index{2}, Term{1}, {{Term{1}, 12}}}).say(1, 1, append(2, 1, {{Term{1}, 12}}));
  EXPECT_THAT(run.broken(), ElementsAre("witnesses"));
}

TEST(Witnesses, saw_acknowledgements_only_of_what_the_node_had) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Acknowledged{Index{1}});
  EXPECT_THAT(run.broken(), IsEmpty());
  run.say(3, 1, Acknowledged{Index{2}});
  EXPECT_EQ(
      run.judge()["witnesses"].message,
      "n3 acknowledged entry 2 in term 1, but by its trace its log had never reached beyond 1");
}

TEST(Witnesses, find_no_more_on_a_disk_than_the_traces_say) {
  auto run = Transcript::with_leader();
  run.say(2, 1, OnDisk{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  EXPECT_THAT(run.judge()["witnesses"].message,
              HasSubstr("n2 had on its disk an entry at index 2"));
  auto restarted = Transcript::with_leader();
  restarted.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  EXPECT_THAT(restarted.judge()["witnesses"].message,
              HasSubstr("n2 restarted with an entry at index 2"));
}

CheckResult witnesses_of(const Transcript& run, Gaps::Wire wire) {
  Invariants invariants;
  invariants.expect_wire(wire);
  for (const auto& record : run.records()) invariants.observe(record);
  for (auto& result : invariants.finish()) {
    if (result.name == "witnesses") return result;
  }
  return {};
}

/// Node 1 leads and has appended entry 1.
Transcript watched_run() {
  Transcript run;
  for (const int node : {1, 2, 3}) {
    run.say(node, 0, Started{}).say(node, 0, Transcript::three_voters());
  }
  return run.elect(1, 1, 2, 0).say(1, 1, append(1, 0, {{Term{1}, 11}}));
}

TEST(Witnesses, saw_what_a_follower_appends_before_if_the_wire_was_watched) {
  auto run = watched_run();
  run.say(1, 1, Sent{Index{1}, {}, {{Term{1}, 11}}}).say(2, 1, append(1, 0, {{Term{1}, 11}}));
  EXPECT_EQ(witnesses_of(run, Gaps::Wire::sealed).validity, Validity::valid);
  auto unseen = watched_run();
  unseen.say(2, 1, append(1, 0, {{Term{1}, 11}})).say(1, 1, Sent{Index{1}, {}, {{Term{1}, 11}}});
  const auto result = witnesses_of(unseen, Gaps::Wire::sealed);
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("which nobody had sent it as seen on the wire"));
  EXPECT_EQ(witnesses_of(unseen, Gaps::Wire::watched).validity, Validity::unknown);
  EXPECT_EQ(witnesses_of(unseen, Gaps::Wire::unwatched).validity, Validity::valid);
}

TEST(Witnesses, saw_the_acknowledgements_by_which_a_leader_commits) {
  auto run = watched_run();
  run.say(1, 1, Sent{Index{1}, {}, {{Term{1}, 11}}}).say(2, 1, append(1, 0, {{Term{1}, 11}}));
  auto unseen = run;
  unseen.say(1, 1, Committed{Index{1}}).say(2, 1, Acknowledged{Index{1}});
  EXPECT_EQ(witnesses_of(unseen, Gaps::Wire::watched).validity, Validity::unknown);
  run.say(2, 1, Acknowledged{Index{1}}).say(1, 1, Committed{Index{1}});
  EXPECT_EQ(witnesses_of(run, Gaps::Wire::watched).validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::checker::raft
