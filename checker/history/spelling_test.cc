#include "checker/history/spelling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

History read_with(const Names& names, const std::string& edn) {
  const TemporaryFile file(edn);
  Interpretation interpretation;
  interpretation.names.operations = names;
  checker::Budget budget;
  return read_foreign_history(file.path(), interpretation, budget);
}

std::string asked_by(int process, const char* f, const char* value) {
  return "{:process " + std::to_string(process) + ", :type :invoke, :f " + f + ", :value " + value +
         "}\n";
}

TEST(Spelling, usual_names_become_those_of_the_models) {
  const auto history =
      read_with({}, asked_by(0, ":Put", "1") + asked_by(1, ":get", "nil") +
                        asked_by(2, ":try_acquire", "nil") + asked_by(3, ":read", "nil"));
  std::vector<std::string> functions;
  for (const auto& operation : history.operations) functions.push_back(operation.f);
  EXPECT_THAT(functions, testing::ElementsAre("write", "read", "acquire", "read"));
  EXPECT_THAT(history.assumptions,
              testing::ElementsAre("Put is write, get is read, try_acquire is acquire"));
}

TEST(Spelling, given_names_come_first) {
  const auto history = read_with({{"Put", "add"}}, asked_by(0, ":Put", "1"));
  EXPECT_EQ(history.operations.at(0).f, "add");
}

TEST(Spelling, operations_of_micro_operations_are_transactions) {
  const auto history = read_with({}, asked_by(0, ":write", "[[:write 1 5]]") +
                                         asked_by(1, ":read", "[[:r 1] [:read 2 nil]]") +
                                         asked_by(2, ":txn", "[[:append 1 2]]"));
  for (const auto& operation : history.operations) EXPECT_EQ(operation.f, "txn");
  EXPECT_EQ(to_json(history.operations.at(0).argument), R"([["w",1,5]])");
  EXPECT_EQ(to_json(history.operations.at(1).argument), R"([["r",1,null],["r",2,null]])");
  EXPECT_EQ(to_json(history.operations.at(2).argument), R"([["append",1,2]])");
  EXPECT_THAT(history.assumptions,
              testing::ElementsAre("read or write of micro-operations is txn"));
}

std::string answered_by(int process, const char* f, const char* value) {
  return "{:process " + std::to_string(process) + ", :type :ok, :f " + f + ", :value " + value +
         "}\n";
}

TEST(Spelling, an_answer_of_nil_is_an_answer_and_no_answer_is_refused_by_line) {
  const auto answered =
      read_with({}, asked_by(0, ":txn", "[[:r 1]]") + answered_by(0, ":txn", "[[:r 1 nil]]"));
  EXPECT_EQ(to_json(answered.operations.at(0).result), R"([["r",1,null]])");
  try {
    read_with({}, asked_by(0, ":txn", "[[:r 1]]") + answered_by(0, ":txn", "[[:r 1]]"));
    FAIL() << "accepted";
  } catch (const InputError& refusal) {
    EXPECT_THAT(refusal.what(), testing::HasSubstr(":2: the transaction is ok, but its read"));
  }
}

TEST(Spelling, a_list_that_is_no_transaction_stays_a_value) {
  const auto history =
      read_with({}, asked_by(0, ":write", "[[:w 1 5]]") + asked_by(1, ":write", "[[:u 1 5]]"));
  EXPECT_EQ(history.operations.at(0).f, "write");
  EXPECT_EQ(to_json(history.operations.at(0).argument), R"([["w",1,5]])");
}

}  // namespace
}  // namespace sunder::history
