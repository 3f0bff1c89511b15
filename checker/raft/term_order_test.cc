#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Terms, never_go_back) {
  auto run = Transcript::with_leader();
  run.elect(2, 2, 3, 1).say(3, 1, BecameFollower{});
  EXPECT_EQ(run.judge()["terms"].message, "the term of n3 went back from 2 to 1");
}

TEST(Terms, do_not_go_back_over_a_restart) {
  auto run = Transcript::with_leader();
  run.elect(2, 2, 3, 1).say(3, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  EXPECT_EQ(run.judge()["terms"].message, "the term of n3 went back from 2 to 1");
}

TEST(Terms, that_a_node_was_in_are_on_its_disk_after_the_run) {
  auto run = Transcript::with_leader();
  run.say(3, 4, BecameFollower{});
  run.say(3, 4, OnDisk{std::nullopt, {}, {}, {{Term{1}, 11}}});
  EXPECT_EQ(run.judge()["terms"].validity, Validity::valid);
  run.say(2, 0, OnDisk{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  EXPECT_EQ(run.judge()["terms"].message, "n2 was in term 1, but its disk holds term 0");
}

TEST(Terms, of_a_newcomer_with_an_empty_disk_begin_anew) {
  auto run = Transcript::with_leader();
  const Configuration of_others{Index{0}, {NodeId{1}, NodeId{2}}, {}, {}};
  auto newcomer = run;
  newcomer.say(3, 0, Started{}).say(3, 0, of_others);
  EXPECT_EQ(newcomer.judge()["terms"].validity, Validity::valid);
  run.say(3, 0, Started{}).say(3, 0, Transcript::three_voters());
  EXPECT_EQ(run.judge()["terms"].message, "the term of n3 went back from 1 to 0");
}

TEST(Terms, of_entries_neither_fall_nor_exceed_the_nodes_own) {
  auto run = Transcript::with_leader();
  run.say(2, 1, append(2, 1, {{Term{2}, 22}}));
  EXPECT_THAT(run.judge()["terms"].message, HasSubstr("appended entry 2 of term 2"));
  auto falling = Transcript::with_leader();
  falling.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}, {Term{1}, 13}}));
  EXPECT_THAT(falling.judge()["terms"].message, HasSubstr("behind one of term 2"));
}

}  // namespace
}  // namespace sunder::checker::raft
