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

}  // namespace
}  // namespace sunder::checker::raft
