#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;

Transcript acknowledged_run() {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(2, 1, Acknowledged{Index{2}});
  return run;
}

TEST(Acknowledgement, an_entry_that_is_gone_after_a_restart_is_invalid) {
  auto run = acknowledged_run();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  EXPECT_THAT(run.broken(), ElementsAre("acknowledgement"));
  EXPECT_EQ(
      run.judge()["acknowledgement"].message,
      "n2 acknowledged entry 2 in term 1, but after a restart its log was the same only up to "
      "entry 1");
}

TEST(Acknowledgement, another_entry_in_its_place_is_invalid) {
  auto run = acknowledged_run();
  run.elect(1, 2, 3, 2).say(1, 2, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  run.elect(3, 3, 1, 1).say(3, 3, append(2, 1, {{Term{3}, 22}}));
  run.say(2, 3, Truncated{Index{2}}).say(2, 3, append(2, 1, {{Term{3}, 22}}));
  run.say(2, 3, Acknowledged{Index{2}});
  run.say(2, 3, Started{std::nullopt, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  EXPECT_THAT(run.broken(), testing::Contains("acknowledgement"));
}

TEST(Acknowledgement, an_entry_that_is_there_or_in_a_snapshot_is_kept) {
  auto run = acknowledged_run();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  run.say(2, 1, Started{NodeId{1}, Index{2}, Term{1}, {}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Acknowledgement, a_node_that_dies_while_it_installs_a_snapshot_may_start_with_its_old_log) {
  auto run = acknowledged_run();
  run.say(2, 1, SnapshotInstalled{Index{9}, Term{1}, 5, false});
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Acknowledgement, a_later_leader_may_have_the_entry_given_up) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(2, 2, Truncated{Index{2}});
  // It was on its way that long.
  run.say(2, 1, Acknowledged{Index{2}});
  run.say(2, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

}  // namespace
}  // namespace sunder::checker::raft
