#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/models/catalog.h"

namespace sunder::checker {
namespace {

using history::History;
using history::List;
using history::Object;
using history::Value;

History history_of(const std::vector<std::pair<const char*, Value>>& operations) {
  History history;
  history.source = "file";
  for (const auto& [f, result] : operations) {
    auto& operation = history.operations.emplace_back();
    operation.f = f;
    operation.argument = result;
    operation.result = result;
    operation.outcome = history::Outcome::ok;
  }
  return history;
}

std::string choice(const History& history) {
  try {
    return std::string(choose_model(history));
  } catch (const history::InputError& refusal) {
    return refusal.what();
  }
}

TEST(ChooseModel, names_that_only_one_model_has_choose_it) {
  EXPECT_EQ(choice(history_of({{"read", 1}, {"write", 1}})), "register");
  EXPECT_EQ(choice(history_of({{"cas", 1}})), "register");
  EXPECT_EQ(choice(history_of({{"enqueue", 1}, {"dequeue", 1}})), "queue");
  EXPECT_EQ(choice(history_of({{"write", 1}, {"append", 1}})), "kv");
  EXPECT_EQ(choice(history_of({{"acquire", 1}})), "owned-mutex");
  EXPECT_EQ(choice(history_of({{"txn", List{List{"r", 1, 2}}}})), "txn-register");
  EXPECT_EQ(choice(history_of({{"transfer", 1}, {"read", 1}})), "bank");
  EXPECT_EQ(choice(history_of({{"add", 1}, {"remove", 1}, {"read", 1}})), "set");
}

TEST(ChooseModel, a_doubt_is_refused_with_the_models_that_have_each_name) {
  EXPECT_THAT(
      choice(history_of({{"add", 1}, {"read", 1}})),
      testing::AllOf(testing::HasSubstr("add: counter, set"), testing::HasSubstr("--model")));
  EXPECT_THAT(choice(history_of({{"withdraw", 1}})), testing::HasSubstr("withdraw: no model"));
}

TEST(ChooseModel, reads_of_whole_collections_alone_are_no_register) {
  EXPECT_EQ(choice(history_of({{"read", 1}})), "register");
  EXPECT_THAT(choice(history_of({{"read", Object{{"a", 1}}}})), testing::HasSubstr("--model"));
}

TEST(ChooseModel, transactions_beside_other_operations_are_refused_by_line) {
  const Value steps(List{List{"r", 1, 2}});
  EXPECT_THAT(
      choice(history_of({{"txn", steps}, {"read", 5}})),
      testing::AllOf(testing::HasSubstr("file:1: read 5 is no transaction"),
                     testing::HasSubstr("the txn of line 1"), testing::HasSubstr("--model")));
  EXPECT_THAT(choice(history_of({{"write", steps}, {"write", 5}})),
              testing::HasSubstr("write 5 is no transaction"));
  EXPECT_THAT(choice(history_of({{"txn", steps}, {"txn", 5}})),
              testing::HasSubstr("txn 5 is no list of micro-operations"));
  EXPECT_EQ(choice(history_of({{"write", List{}}, {"write", 5}})), "register");
}

TEST(ChooseModel, transactions_that_append_are_refused) {
  const Value append(history::List{history::List{"append", 1, 2}});
  EXPECT_THAT(choice(history_of({{"txn", append}})),
              testing::HasSubstr("judged by isolation levels"));
}

}  // namespace
}  // namespace sunder::checker
