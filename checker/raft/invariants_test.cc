#include "checker/raft/invariants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::HasSubstr;

TEST(Invariants, a_quiet_run_is_valid) {
  for (const auto& [name, result] : Transcript::with_leader().judge()) {
    EXPECT_EQ(result.validity, Validity::valid) << name << ": " << result.message;
    EXPECT_FALSE(result.message.empty());
  }
  EXPECT_EQ(Transcript::with_leader().judge().size(), 16U);
}

TEST(Invariants, leader_changes_truncation_restarts_and_snapshots_are_valid) {
  for (const auto& [name, result] : eventful_run().judge()) {
    EXPECT_EQ(result.validity, Validity::valid) << name << ": " << result.message;
  }
}

TEST(Invariants, a_trace_that_does_not_add_up_is_unknown) {
  auto run = Transcript::with_leader();
  run.say(2, 1, append(5, 1, {{Term{1}, 15}}));
  for (const auto& [name, result] : run.judge()) {
    EXPECT_EQ(result.validity, Validity::unknown) << name;
    EXPECT_THAT(result.message, HasSubstr("its log ends at 1"));
  }
  Transcript headless;
  headless.say(1, 1, Committed{Index{0}});
  EXPECT_EQ(headless.judge()["log matching"].validity, Validity::unknown);
}

}  // namespace
}  // namespace sunder::checker::raft
