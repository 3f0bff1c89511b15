#include "checker/isolation/transactions.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/isolation/list_orders.h"

namespace sunder::checker::isolation {

namespace transactions_test {

using history::History;
using history::List;
using history::Operation;
using history::Outcome;
using history::Value;

Value micro(const char* f, Value key, Value value) {
  return List{Value(f), std::move(key), std::move(value)};
}

/// One behind the other, on lines 2i + 1 and 2i + 2.
History history_of(const std::vector<std::pair<List, List>>& asked_and_answered) {
  History history;
  history.source = "test.jsonl";
  history::Position position = 0;
  for (const auto& [asked, answered] : asked_and_answered) {
    Operation operation;
    operation.f = "txn";
    operation.argument = asked;
    operation.result = answered;
    operation.outcome = Outcome::ok;
    operation.invoked = position++;
    operation.returned = position++;
    history.operations.push_back(std::move(operation));
  }
  return history;
}

std::string refusal_of(const History& history) {
  try {
    transactions_of(history);
  } catch (const history::AssumptionBroken& error) {
    return error.what();
  }
  return "none";
}

}  // namespace transactions_test

using namespace transactions_test;

TEST(Transactions, keys_and_values_of_any_kind_become_numbers) {
  const Value object = history::Object{{"a", Value(1)}};
  const List asked{micro("append", "x", "one"), micro("append", object, 7), micro("r", "x", {})};
  auto answered = asked;
  answered[2] = micro("r", "x", List{Value("one")});
  const auto transactions = transactions_of(history_of({{asked, answered}}));
  ASSERT_EQ(transactions.keys.size(), 2U);
  EXPECT_EQ(transactions.keys[0].name, "x");
  EXPECT_EQ(transactions.keys[1].name, R"({"a":1})");
  ASSERT_EQ(transactions.steps.size(), 3U);
  EXPECT_EQ(transactions.steps[2].kind, Step::Kind::read_list);
  ASSERT_EQ(transactions.list_of(transactions.steps[2]).size(), 1U);
  EXPECT_EQ(transactions.keys[0].values[transactions.elements[0] - 1], Value("one"));
}

TEST(Transactions, prefixes_of_one_list_share_their_elements) {
  const auto read = [](List list) {
    return std::pair(List{micro("r", 1, {})}, List{micro("r", 1, std::move(list))});
  };
  const List appends{micro("append", 1, 1), micro("append", 1, 2), micro("append", 1, 3)};
  const auto transactions = transactions_of(history_of({{appends, appends},
                                                        read({Value(1)}),
                                                        read({Value(1), Value(2), Value(3)}),
                                                        read({Value(2)}),
                                                        read({})}));
  const auto& steps = transactions.steps;
  EXPECT_EQ(steps[3].value, steps[4].value);
  EXPECT_NE(steps[5].value, steps[4].value);
  const ListOrders orders(transactions);
  EXPECT_TRUE(orders.is_disputed(0));
  EXPECT_TRUE(orders.spine(0).empty());
}

TEST(Transactions, a_value_that_is_written_twice_is_refused_with_both_lines) {
  const List write{micro("append", "x", 1)};
  const auto refusal = refusal_of(history_of({{write, write}, {write, write}}));
  EXPECT_NE(refusal.find("test.jsonl:3: writes 1 to key \"x\", which line 1 writes already"),
            std::string::npos)
      << refusal;
}

TEST(Transactions, a_key_that_is_a_list_and_a_register_is_refused) {
  const List append{micro("append", "x", 1)};
  const List write{micro("w", "x", 2)};
  EXPECT_NE(refusal_of(history_of({{append, append}, {write, write}})).find("test.jsonl:3"),
            std::string::npos);
  const auto read = std::pair(List{micro("r", "x", {})}, List{micro("r", "x", 1)});
  EXPECT_NE(refusal_of(history_of({{append, append}, read})).find("test.jsonl:4"),
            std::string::npos);
}

TEST(Transactions, answers_to_something_else_are_refused) {
  const List asked{micro("r", "x", {})};
  EXPECT_NE(refusal_of(history_of({{asked, List{micro("r", "y", List{})}}})).find("test.jsonl:2"),
            std::string::npos);
  EXPECT_NE(refusal_of(history_of({{asked, List{}}})).find("test.jsonl:2"), std::string::npos);
}

TEST(Transactions, a_key_that_nobody_writes_is_what_its_answers_make_it) {
  const auto read = [](Value value) {
    return std::pair(List{micro("r", 1, {})}, List{micro("r", 1, std::move(value))});
  };
  const auto transactions = transactions_of(history_of({read({}), read(5)}));
  EXPECT_FALSE(transactions.keys[0].is_list);
  for (const auto& step : transactions.steps) EXPECT_EQ(step.kind, Step::Kind::read_register);
}

TEST(Transactions, nil_is_the_empty_list) {
  const List append{micro("append", 1, 1)};
  const auto read = std::pair(List{micro("r", 1, {})}, List{micro("r", 1, {})});
  const auto transactions = transactions_of(history_of({read, {append, append}}));
  EXPECT_EQ(transactions.steps[0].kind, Step::Kind::read_list);
  EXPECT_EQ(transactions.steps[0].length, 0U);
}

}  // namespace sunder::checker::isolation
