#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(States, are_equal_behind_the_same_entry) {
  auto run = Transcript::with_leader();
  run.say(1, 1, State{Index{1}, 5}).say(2, 1, State{Index{1}, 5});
  EXPECT_EQ(run.judge()["states"].validity, Validity::valid);
  run.say(3, 1, State{Index{1}, 6});
  const auto result = run.judge()["states"];
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("had different states after entry 1"));
}

TEST(States, of_one_node_are_equal_before_and_after_a_restart) {
  auto run = Transcript::with_leader();
  run.say(1, 1, State{Index{1}, 5});
  run.say(1, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}}).say(1, 1, Committed{Index{1}});
  run.say(1, 1, Applied{Index{1}, {{Term{1}, 11}}}).say(1, 1, State{Index{1}, 6});
  EXPECT_EQ(run.judge()["states"].message, "n1 had two different states after entry 1");
}

TEST(States, are_not_judged_in_runs_that_trace_none) {
  EXPECT_EQ(Transcript::with_leader().judge().count("states"), 0U);
}

TEST(States, that_a_node_did_not_trace_where_it_should_leave_the_answer_open) {
  auto run = Transcript::with_leader();
  run.say(1, 1, State{Index{1}, 5});
  const std::vector<EntryDigest> entries(trace::state_interval, {Term{1}, 12});
  for (const int node : {1, 2}) {
    run.say(node, 1, append(2, 1, entries));
  }
  const Index last{trace::state_interval};
  run.say(1, 1, Committed{last}).say(2, 1, Committed{last});
  auto some = entries;
  some.pop_back();
  for (const int node : {1, 2}) run.say(node, 1, Applied{Index{2}, some});
  run.say(1, 1, State{last, 9});
  EXPECT_EQ(run.judge()["states"].validity, Validity::valid);
  for (const int node : {1, 2}) {
    run.say(node, 1, Committed{last.next()}).say(node, 1, Applied{last.next(), {{Term{1}, 12}}});
  }
  EXPECT_EQ(run.judge()["states"].validity, Validity::unknown);
  EXPECT_EQ(run.judge()["states"].message,
            "the trace of n2 has no digest of its state after entry 64");
}

}  // namespace
}  // namespace sunder::checker::raft
