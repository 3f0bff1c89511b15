#include "checker/assumptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"

namespace sunder::checker {
namespace {

using history::List;
using history::Value;

/// Why the answer is refused; empty if it is not.
std::string refusal_of(const char* f, Value asked, Value answered) {
  history::History history;
  history.source = "file";
  auto& operation = history.operations.emplace_back();
  operation.f = f;
  operation.argument = std::move(asked);
  operation.result = std::move(answered);
  operation.outcome = history::Outcome::ok;
  operation.returned = 1;
  try {
    require_answers_to_what_was_asked(history);
  } catch (const history::AssumptionBroken& broken) {
    return broken.what();
  }
  return "";
}

Value transaction(const char* f, const char* key, Value value) {
  return List{List{f, key, std::move(value)}};
}

TEST(Assumptions, an_update_is_answered_with_its_argument_or_nothing) {
  EXPECT_EQ(refusal_of("write", 1, 1), "");
  EXPECT_EQ(refusal_of("write", 1, {}), "");
  EXPECT_EQ(refusal_of("read", {}, 2), "");
  EXPECT_EQ(refusal_of("dequeue", {}, 2), "");
  for (const auto* f : {"write", "add", "append", "enqueue", "cas"}) {
    EXPECT_THAT(
        refusal_of(f, List{1, 2}, List{1, 3}),
        testing::AllOf(testing::HasSubstr("file:2: "), testing::HasSubstr("asked for [1,2]")))
        << f;
  }
}

TEST(Assumptions, a_transaction_is_answered_with_the_steps_that_were_asked_for) {
  EXPECT_EQ(refusal_of("txn", transaction("r", "x", {}), transaction("r", "x", 5)), "");
  EXPECT_EQ(refusal_of("txn", transaction("w", "x", 5), transaction("w", "x", 5)), "");
  EXPECT_NE(refusal_of("txn", transaction("w", "x", 5), transaction("w", "x", 6)), "");
  EXPECT_NE(refusal_of("txn", transaction("r", "x", {}), transaction("r", "y", {})), "");
  EXPECT_NE(refusal_of("txn", transaction("r", "x", {}), transaction("w", "x", {})), "");
  EXPECT_NE(refusal_of("txn", transaction("r", "x", {}), List{}), "");
}

TEST(Assumptions, keys_that_differ_only_in_type_are_named) {
  history::History history;
  history.operations.resize(2);
  history.operations[0].key = "1";
  history.operations[1].key = "2";
  EXPECT_EQ(keys_that_differ_only_in_type(history), "");
  history.operations[1].key = "\"1\"";
  EXPECT_THAT(keys_that_differ_only_in_type(history), testing::HasSubstr("1 and \"1\" are two"));
}

}  // namespace
}  // namespace sunder::checker
