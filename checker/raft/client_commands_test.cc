#include "checker/raft/client_commands.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using history::Outcome;
using testing::HasSubstr;

history::Operation write(std::int64_t value, Outcome outcome) {
  history::Operation operation;
  operation.process = history::ProcessId{3};
  operation.f = "write";
  operation.key = "k1";
  operation.argument = history::Value(value);
  operation.outcome = outcome;
  operation.returned_at = std::chrono::milliseconds{100};
  return operation;
}

history::Operation answered(std::int64_t index, std::int64_t term, std::uint64_t command,
                            Outcome outcome = Outcome::ok) {
  auto operation = write(17, outcome);
  operation.answer =
      std::make_shared<history::Answer>(history::Answer{"n1", std::nullopt, index, term, command});
  return operation;
}

/// Node 1 leads; entry 1 is its no-op, and entry 2 is a command that two nodes applied.
Transcript with_command() {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2}) {
    run.say(node, 1, append(2, 1, {{Term{1}, 12}})).say(node, 1, Committed{Index{2}});
    run.say(node, 1, Applied{Index{2}, {{Term{1}, 12}}});
  }
  return run;
}

CheckResult judge(const Transcript& run, const std::vector<history::Operation>& operations,
                  std::optional<Index> caught_up_to = Index{2}) {
  Invariants invariants;
  for (const auto& record : run.records()) invariants.observe(record);
  invariants.heard(operations, caught_up_to);
  for (auto& result : invariants.finish()) {
    if (result.name == "client commands") return result;
  }
  return {};
}

TEST(ClientCommands, that_were_answered_are_applied_where_the_answer_says) {
  EXPECT_EQ(judge(with_command(), {answered(2, 1, 12)}).validity, Validity::valid);
  const auto other = judge(with_command(), {answered(2, 1, 13), write(4, Outcome::info)});
  EXPECT_EQ(other.validity, Validity::invalid);
  EXPECT_EQ(other.message,
            "the write of 17 to key \"k1\" by client 3 was answered ok by n1 as entry 2 of term 1, "
            "but n1 applied another entry there");
  EXPECT_THAT(judge(with_command(), {answered(2, 1, 12), answered(3, 1, 13)}).message,
              HasSubstr("as entry 3 of term 1, but no node applied an entry there"));
}

TEST(ClientCommands, that_were_refused_are_in_the_log_too) {
  EXPECT_EQ(judge(with_command(), {answered(2, 1, 12, Outcome::fail)}).validity, Validity::valid);
  EXPECT_EQ(judge(with_command(), {answered(2, 2, 12, Outcome::fail)}).validity, Validity::invalid);
}

TEST(ClientCommands, that_were_answered_ok_are_applied_by_a_majority_in_the_end) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Committed{Index{2}}).say(1, 1, Applied{Index{2}, {{Term{1}, 12}}});
  EXPECT_THAT(judge(run, {answered(2, 1, 12)}).message,
              HasSubstr("but at the end of the run only 1 of 3 voters had applied it"));
  EXPECT_EQ(judge(run, {answered(2, 1, 12)}, std::nullopt).validity, Validity::unknown);
  // It may be writing to its disk before it applies the entry.
  run.say(2, 1, Committed{Index{2}});
  EXPECT_EQ(judge(run, {answered(2, 1, 12)}).validity, Validity::valid);
  run.wait(1500).say(2, 1, BecameFollower{});
  EXPECT_EQ(judge(run, {answered(2, 1, 12)}).validity, Validity::invalid);
}

TEST(ClientCommands, that_are_in_no_answer_are_of_requests_without_one) {
  auto run = with_command();
  for (const int node : {1, 2}) {
    run.say(node, 1, append(3, 1, {{Term{1}, 13}})).say(node, 1, Committed{Index{3}});
    run.say(node, 1, Applied{Index{3}, {{Term{1}, 13}}});
  }
  EXPECT_EQ(judge(run, {answered(2, 1, 12), write(4, Outcome::info)}).validity, Validity::valid);
  const auto result = judge(run, {answered(2, 1, 12), write(4, Outcome::fail)});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("n1 applied entry 3 of term 1, which no client asked for"));
}

TEST(ClientCommands, are_asked_for_by_whoever_was_answered_with_their_digest) {
  auto refused = write(17, Outcome::fail);
  refused.answer = std::make_shared<history::Answer>(
      history::Answer{"n1", history::Value(3), 1, std::nullopt, 12});
  EXPECT_EQ(judge(with_command(), {answered(1, 1, 11), refused}).message.find("no client asked"),
            std::string::npos);
}

TEST(ClientCommands, without_argument_or_key_are_told_without) {
  auto generate = answered(2, 1, 13);
  generate.f = "generate";
  generate.key = {};
  generate.argument = {};
  EXPECT_THAT(judge(with_command(), {generate, write(4, Outcome::info)}).message,
              HasSubstr("the generate by client 3 was answered ok by n1 as entry 2 of term 1"));
}

}  // namespace
}  // namespace sunder::checker::raft
