#include "harness/judge/model_program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/linearizability/linearizable.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using checker::Validity;
using history::Operation;
using history::Value;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// Writing to a program that ended is an error, as in sunder itself, and no signal.
struct ModelProgram : testing::Test {
  void SetUp() override { usual_ = std::signal(SIGPIPE, SIG_IGN); }
  void TearDown() override { std::signal(SIGPIPE, usual_); }

 private:
  void (*usual_)(int) = SIG_DFL;
};

Operation operation(std::string_view f, Value argument, Value result, int invoked, int returned) {
  Operation made;
  made.process = history::ProcessId{invoked};
  made.f = f;
  made.argument = std::move(argument);
  made.result = std::move(result);
  made.outcome = history::Outcome::ok;
  made.invoked = invoked;
  made.returned = returned;
  return made;
}

/// A counter of calls: each "next" answers one more than the last.
std::vector<Operation> calls(std::initializer_list<int> answers) {
  std::vector<Operation> operations;
  int at = 0;
  for (const int answer : answers) {
    operations.push_back(operation("next", {}, answer, 2 * at, 2 * at + 1));
    ++at;
  }
  return operations;
}

checker::CheckResult judged(const std::string& command, std::vector<Operation> operations,
                            std::chrono::milliseconds time = 60s) {
  history::History history;
  history.operations = std::move(operations);
  checker::LinearizabilityOptions options;
  options.budget = checker::Budget(time, std::size_t{1} << 30);
  const auto model = start_model_program(command, options.budget);
  return checker::check_linearizability(history, *model, options);
}

/// The state is the last answer.
const std::string counts = R"(python3 -c '
import json, sys
for line in sys.stdin:
    call = json.loads(line)
    due = (call["state"] or 0) + 1
    fits = call["outcome"] == "info" or call["answer"] == due
    print(json.dumps({"state": due} if fits else {"refused": True}), flush=True)
')";

void expect_unknown(const std::string& command, std::string_view reason) {
  const auto result = judged(command, calls({1, 2, 3}));
  EXPECT_EQ(result.validity, Validity::unknown) << command;
  EXPECT_THAT(result.message, HasSubstr(std::string(reason)));
}

TEST_F(ModelProgram, decides_what_is_linearizable) {
  EXPECT_EQ(judged(counts, calls({1, 2, 3})).validity, Validity::valid);
  const auto wrong = judged(counts, calls({1, 3, 2}));
  EXPECT_EQ(wrong.validity, Validity::invalid);
  ASSERT_TRUE(wrong.counterexample);
  EXPECT_FALSE(wrong.counterexample->operations.empty());
}

TEST_F(ModelProgram, an_operation_without_an_answer_may_have_happened_or_not) {
  auto operations = calls({1, 2, 4});
  auto crashed = operation("next", {}, {}, 10, 0);
  crashed.outcome = history::Outcome::info;
  crashed.returned = history::never;
  EXPECT_EQ(judged(counts, operations).validity, Validity::invalid);
  operations.push_back(crashed);
  EXPECT_EQ(judged(counts, operations).validity, Validity::invalid);
  operations.back().invoked = -1;
  std::rotate(operations.begin(), operations.end() - 1, operations.end());
  EXPECT_EQ(judged(counts, operations).validity, Validity::valid);
}

TEST_F(ModelProgram, one_that_ends_or_answers_nonsense_leaves_the_verdict_unknown_with_the_reason) {
  expect_unknown("exit 3; true", "ended with exit status 3");
  expect_unknown("echo why it failed >&2; exit 1", "why it failed");
  expect_unknown("/nowhere/at all", "ended with exit status 127");
  expect_unknown("while read line; do echo yes; done", "answers yes, which is neither");
  expect_unknown("while read line; do echo '{\"state\":1,\"more\":2}'; done", "which is neither");
  expect_unknown("yes '{\"state\":1}'", "answers what was not asked");
  expect_unknown("read line; echo '{\"state\":1}'", "ended with");
  expect_unknown("while read line; do printf '[%.0s' $(seq 2000); echo; done", "which is neither");
}

TEST_F(ModelProgram, one_that_answers_a_question_in_two_ways_is_found) {
  expect_unknown("n=0; while read line; do n=$((n+1)); echo \"{\\\"state\\\":$n}\"; done",
                 "answers one question in two ways");
}

TEST_F(ModelProgram, one_that_hangs_is_ended_with_the_time_of_the_check) {
  const auto begin = std::chrono::steady_clock::now();
  const auto result = judged("trap '' TERM; cat > /dev/null; sleep 1000", calls({1}), 300ms);
  EXPECT_EQ(result.validity, Validity::unknown);
  EXPECT_THAT(result.message, HasSubstr("did not answer before the time ran out"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

std::string refusal_of(const std::string& command) {
  try {
    start_model_program(command, {});
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST_F(ModelProgram, a_file_that_cannot_be_run_is_refused_by_name) {
  const TemporaryFolder folder;
  const auto file = (folder.path() / "model").string();
  EXPECT_THAT(refusal_of(file), HasSubstr("there is no such file"));
  std::ofstream(file) << "#!/bin/sh\nwhile read line; do echo '{\"state\":null}'; done\n";
  EXPECT_THAT(refusal_of(file), HasSubstr("is not executable"));
  EXPECT_FALSE(is_model_program("registry"));
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  EXPECT_TRUE(is_model_program(file));
  EXPECT_EQ(refusal_of(file), "");
  EXPECT_EQ(judged(file, calls({1})).validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::harness
