#include "checker/run_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/assumptions.h"

namespace sunder::checker {
namespace {

using testing::HasSubstr;

history::Operation operation(history::Outcome outcome) {
  history::Operation operation;
  operation.outcome = outcome;
  return operation;
}

history::Operation write(history::Position at, history::Value value, std::string_view key = "k") {
  history::Operation operation;
  operation.f = "write";
  operation.key = key;
  operation.argument = std::move(value);
  operation.invoked = at;
  return operation;
}

history::History of(std::vector<history::Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return history;
}

TEST(RunChecks, a_run_in_which_nothing_succeeded_is_unknown) {
  using history::Outcome;
  EXPECT_EQ(check_operations_succeeded(history::History{}).validity, Validity::unknown);
  EXPECT_EQ(
      check_operations_succeeded(of({operation(Outcome::fail), operation(Outcome::info)})).validity,
      Validity::unknown);
  EXPECT_EQ(
      check_operations_succeeded(of({operation(Outcome::fail), operation(Outcome::ok)})).validity,
      Validity::valid);
}

TEST(RunChecks, where_nothing_succeeded_the_most_frequent_errors_are_told) {
  auto history = of({operation(history::Outcome::fail)});
  history.errors = {{"late", 2}, {"no leader", 37'809}, {"rare", 1}, {"full", 3}};
  EXPECT_EQ(check_operations_succeeded(history).message,
            "none of 1 operations succeeded; 37809 times: \"no leader\"; 3 times: \"full\"; 2 "
            "times: \"late\"");
}

TEST(RunChecks, a_refusal_that_says_what_it_found_is_more_than_a_refusal) {
  using history::Outcome;
  EXPECT_FALSE(is_every_answer_a_refusal({}));
  EXPECT_FALSE(is_every_answer_a_refusal(of({operation(Outcome::info)})));
  EXPECT_TRUE(is_every_answer_a_refusal(of({operation(Outcome::fail), operation(Outcome::info)})));
  EXPECT_FALSE(is_every_answer_a_refusal(of({operation(Outcome::fail), operation(Outcome::ok)})));
  auto empty = operation(Outcome::fail);
  history::Answer answer;
  answer.found = history::Value{};
  empty.answer = std::make_shared<const history::Answer>(answer);
  EXPECT_FALSE(is_every_answer_a_refusal(of({operation(Outcome::fail), empty})));
}

TEST(RunChecks, a_fault_that_never_happened_is_named_and_unknown) {
  EXPECT_EQ(check_faults_injected({}, {}).validity, Validity::valid);
  EXPECT_EQ(check_faults_injected({"kill"}, {"kill", "kill"}).validity, Validity::valid);
  const auto result = check_faults_injected({"kill", "pause"}, {"kill"});
  EXPECT_EQ(result.validity, Validity::unknown);
  EXPECT_THAT(result.message, HasSubstr("never happened: pause"));
}

TEST(RunChecks, of_faults_that_were_drawn_one_that_found_no_moment_is_named_and_forgiven) {
  const auto some = check_faults_injected({"kill", "membership"}, {"kill"}, {}, MustHappen::any);
  EXPECT_EQ(some.validity, Validity::valid);
  EXPECT_NE(some.message.find("membership"), std::string::npos);
  const auto none = check_faults_injected({"kill", "membership"}, {}, {}, MustHappen::any);
  EXPECT_EQ(none.validity, Validity::unknown);
}

TEST(RunChecks, how_soon_after_its_trigger_a_fault_struck_is_said) {
  using std::chrono::microseconds;
  EXPECT_EQ(check_faults_injected({"kill"}, {"kill", "kill", "kill"},
                                  {microseconds(9000), microseconds(400), microseconds(510)})
                .message,
            "3 faults were injected, 3 of them 0.51 ms after their trigger (median)");
}

TEST(RunChecks, a_node_that_exits_by_itself_is_invalid) {
  EXPECT_EQ(check_nodes_stayed_up({}).validity, Validity::valid);
  const auto result =
      check_nodes_stayed_up({{"n2", std::chrono::milliseconds(1500), "signal 6 (Aborted)"}});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message, "n2 exited by itself with signal 6 (Aborted) after 1.500 s");
  ASSERT_EQ(result.evidence.size(), 1U);
}

TEST(Verdict, invalid_beats_unknown_beats_valid) {
  const auto check = [](Validity validity, std::string message) {
    CheckResult result;
    result.validity = validity;
    result.message = std::move(message);
    return result;
  };
  const auto verdict = combine({check(Validity::valid, "a"), check(Validity::unknown, "b"),
                                check(Validity::invalid, "c"), check(Validity::invalid, "d")});
  EXPECT_EQ(verdict.validity, Validity::invalid);
  EXPECT_EQ(verdict.sentence, "c");
  EXPECT_EQ(verdict.checks.size(), 4U);
  EXPECT_EQ(combine({}).validity, Validity::unknown);
}

TEST(Assumptions, two_writes_of_one_value_of_one_key_are_refused_with_the_line) {
  history::History history;
  history.source = "h.jsonl";
  history.operations = {write(0, 1), write(1, 2), write(2, 1, "other")};
  EXPECT_NO_THROW(require_unique_writes(history));
  auto cas = write(5, history::List{history::Value(1), history::Value(2)});
  cas.f = "cas";
  history.operations.push_back(cas);
  try {
    require_unique_writes(history);
    FAIL() << "accepted";
  } catch (const history::AssumptionBroken& error) {
    EXPECT_THAT(error.what(), HasSubstr("h.jsonl:6: cas of key \"k\" writes 2, which line 2"));
  }
}

}  // namespace
}  // namespace sunder::checker
