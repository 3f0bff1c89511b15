#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Snapshots, up_to_one_entry_are_equal_on_all_nodes) {
  auto run = Transcript::with_leader();
  run.say(1, 1, SnapshotTaken{Index{1}, Term{1}, 7}).say(2, 1, SnapshotTaken{Index{1}, Term{1}, 7});
  EXPECT_THAT(run.broken(), IsEmpty());
  run.say(3, 1, SnapshotTaken{Index{1}, Term{1}, 8});
  const auto result = run.judge()["snapshots"];
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("have different snapshots up to entry 1"));
}

TEST(Snapshots, that_are_installed_are_those_that_were_taken) {
  auto run = eventful_run();
  run.say(3, 3, BecameFollower{}).say(3, 3, SnapshotInstalled{Index{3}, Term{2}, 98, false});
  EXPECT_THAT(run.broken(), Contains("snapshots"));
}

TEST(Snapshots, have_the_term_of_their_last_entry_also_behind_a_restart) {
  auto run = eventful_run();
  run.say(2, 3, OnDisk{NodeId{1}, Index{3}, Term{1}, {{Term{2}, 24}, {Term{3}, 35}}});
  EXPECT_EQ(run.judge()["snapshots"].validity, Validity::invalid);
}

}  // namespace
}  // namespace sunder::checker::raft
