#include "checker/objects/text_chains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/kv.h"
#include "checker/objects/differential_test.h"
#include "checker/objects/token_code.h"

namespace sunder::checker::text_chains_test {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;
using testing::ElementsAre;
using testing::HasSubstr;

Operation put(std::string_view text, int invoked, int returned) {
  return operation_at("write", text, invoked, returned);
}
Operation append(std::string_view text, int invoked, int returned) {
  return operation_at("append", text, invoked, returned);
}
Operation read(std::string_view text, int invoked, int returned) {
  return operation_at("read", text, invoked, returned);
}

CheckResult judged(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, Kv{});
}

TEST(TokenCode, splits_where_no_token_begins_or_no_token_ends_with_another_one) {
  std::vector<std::uint32_t> numbers;
  TokenCode commas;
  ASSERT_TRUE(commas.build({"1,", "11,", "2,"}));
  EXPECT_TRUE(commas.split("11,1,2,", numbers));
  EXPECT_THAT(numbers, ElementsAre(1, 0, 2));
  EXPECT_FALSE(commas.split("11,1", numbers));
  EXPECT_FALSE(commas.split("3,", numbers));
  TokenCode spaces;
  ASSERT_TRUE(spaces.build({" 1", " 11", " 2"}));
  EXPECT_TRUE(spaces.split(" 11 1 2", numbers));
  EXPECT_THAT(numbers, ElementsAre(1, 0, 2));
  EXPECT_FALSE(TokenCode().build({"1", "11", "1x11"}));
  EXPECT_FALSE(TokenCode().build({"a", "a"}));
  EXPECT_FALSE(TokenCode().build({"a", ""}));
}

TEST(TextChains, tokens_that_leave_a_doubt_are_left_to_the_search) {
  EXPECT_EQ(judged({append("1", 0, 1), append("11", 2, 3), read("111", 4, 5)}).procedure, "search");
  EXPECT_EQ(judged({append("a", 0, 1), append("b", 2, 3), read("ab", 4, 5)}).procedure,
            "text chains");
}

TEST(TextChains, a_lost_append_among_many_is_a_proof_of_two_operations) {
  std::vector<Operation> operations;
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const auto token = std::to_string(i) + ",";
    operations.push_back(append(token, 4 * i, 4 * i + 1));
    if (i != 17) text += token;
    if (i > 100) operations.push_back(read(text, 4 * i + 2, 4 * i + 3));
  }
  const auto result = judged(operations);
  ASSERT_TRUE(result.counterexample);
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
  EXPECT_THAT(result.message, HasSubstr("after client 68's append of \"17,\" had returned"));
  EXPECT_TRUE(result.counterexample->is_minimal);
}

TEST(TextChains, an_append_behind_the_write_that_a_read_shows_is_named) {
  EXPECT_EQ(judged({put("w.", 0, 1), append("a.", 2, 3), read("w.", 4, 5)}).message,
            "client 4 read \"w.\" after client 2's append of \"a.\" had returned");
}

TEST(TextChains, two_reads_with_two_orders_are_a_proof_of_four_operations) {
  const auto result = judged({put("w.", 0, 1), append("a.", 2, -1), append("b.", 3, -1),
                              append("c.", 4, -1), read("w.c.a.b.", 5, 7), read("w.c.b.", 6, 8)});
  ASSERT_TRUE(result.counterexample);
  EXPECT_LE(result.counterexample->operations.size(), 5U);
  EXPECT_EQ(result.validity, Validity::invalid);
}

class TextPlayer final : public Player {
 public:
  TextPlayer(Random& random, std::string initial)
      : random_(random), text_(std::move(initial)), past_({text_}) {}

  void ask(Operation& operation) override {
    const int kind = random_.below(10);
    operation.f = kind < 4 ? "read" : kind < 6 ? "write" : "append";
    if (kind >= 4) operation.argument = std::string(1, static_cast<char>('a' + next_++));
  }

  void answer(Operation& operation) override {
    operation.result = operation.argument;
    if (operation.f == "read") operation.result = text_;
    if (operation.f == "write") text_ = *operation.argument.text();
    if (operation.f == "append") text_ += *operation.argument.text();
    past_.push_back(text_);
  }

  void spoil(Operation& operation) override {
    const auto* shown = operation.result.text();
    if (operation.f != "read" || shown == nullptr) {
      operation.outcome = Outcome::fail;
      return;
    }
    auto spoiled = *shown;
    const int kind = random_.below(5);
    if (kind == 0 && spoiled.size() > 1) std::swap(spoiled.front(), spoiled.back());
    if (kind == 1 && !spoiled.empty()) {
      spoiled.erase(static_cast<std::size_t>(random_.below(static_cast<int>(spoiled.size()))), 1);
    }
    if (kind == 2) spoiled += static_cast<char>('a' + random_.below(next_ + 1));
    if (kind >= 3) {
      spoiled = past_[static_cast<std::size_t>(random_.below(static_cast<int>(past_.size())))];
    }
    operation.result = spoiled;
  }

 private:
  Random& random_;
  std::string text_;
  std::vector<std::string> past_;
  int next_ = 0;
};

Tally compare_texts(const std::string& initial) {
  const auto make = [initial](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 40 : 10;
    TextPlayer player(random, initial);
    return random_history(random, shape, player);
  };
  return Differential(Kv{initial}, make).compare(differential_histories());
}

TEST(TextChainsDifferential, agree_with_brute_force) {
  for (const auto* initial : {"", "z"}) {
    const auto tally = compare_texts(initial);
    EXPECT_EQ(tally.fast, tally.histories);
    EXPECT_GT(tally.invalid, tally.histories / 10);
    EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
  }
}

}  // namespace
}  // namespace sunder::checker::text_chains_test
