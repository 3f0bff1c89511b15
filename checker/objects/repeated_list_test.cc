#include "checker/objects/repeated_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/list_append.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::repeated_list_test {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;

Operation append(int value, int invoked, int returned) {
  return operation_at("append", value, invoked, returned);
}
Operation read(List shown, int invoked, int returned) {
  return operation_at("read", std::move(shown), invoked, returned);
}

CheckResult judged(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, ListAppend{});
}

TEST(RepeatedList, an_append_without_an_answer_may_stand_at_any_place_of_its_element_or_at_none) {
  const auto crashed = append(1, 0, -1);
  for (const auto& shown : {List{1, 2, 1}, List{2, 1}, List{1, 2}}) {
    const auto result = judged({crashed, append(2, 1, 4), append(1, 2, 5), read(shown, 6, 7)});
    EXPECT_EQ(result.validity, Validity::valid) << to_json(Value(shown));
    EXPECT_EQ(result.procedure, "collection order");
  }
}

TEST(RepeatedList, an_element_that_is_there_too_often_or_not_often_enough_is_a_violation) {
  const auto twice = {append(1, 0, 1), append(1, 2, 3)};
  for (const auto& shown : {List{1, 1, 1}, List{1}, List{}}) {
    std::vector<Operation> operations = twice;
    operations.push_back(read(shown, 4, 5));
    const auto result = judged(operations);
    EXPECT_EQ(result.validity, Validity::invalid) << to_json(Value(shown));
    EXPECT_TRUE(result.counterexample && result.counterexample->is_minimal);
  }
}

TEST(RepeatedList, a_violation_says_how_often_the_element_was_appended) {
  const std::vector<Operation> twice = {append(1, 0, 1), append(1, 2, 3)};
  auto operations = twice;
  operations.push_back(read(List{1, 1, 1}, 4, 5));
  EXPECT_EQ(judged(operations).message, "client 4's read shows 1 3 times: it was appended 2 times");
  operations.back() = read(List{1}, 4, 5);
  EXPECT_EQ(judged(operations).message,
            "client 4's read shows 1 once, although 2 appends of it had returned by then");
}

TEST(RepeatedList, of_many_appends_of_few_elements_the_proof_is_about_few) {
  std::vector<Operation> operations;
  List shown;
  int at = 0;
  for (int i = 0; i < 600; ++i) {
    operations.push_back(append(i < 590 ? i % 200 : 7, at, at + 1));
    at += 2;
    shown.push_back(operations.back().argument);
  }
  shown.erase(shown.begin() + 7);
  operations.push_back(read(shown, at, at + 1));
  const auto result = judged(operations);
  ASSERT_EQ(result.validity, Validity::invalid);
  ASSERT_TRUE(result.counterexample);
  EXPECT_LE(result.counterexample->operations.size(), 20U);
}

class RepeatingPlayer final : public Player {
 public:
  RepeatingPlayer(Random& random, int domain, int read_percent = 35)
      : random_(random), domain_(domain), read_percent_(read_percent) {}

  void ask(Operation& operation) override {
    operation.f = random_.chance(read_percent_) ? "read" : "append";
    if (operation.f == "append") operation.argument = random_.below(domain_);
  }
  void answer(Operation& operation) override {
    operation.result = operation.argument;
    if (operation.f == "read") {
      operation.result = elements_;
    } else {
      elements_.push_back(operation.argument);
    }
  }
  void spoil(Operation& operation) override {
    const auto* shown = operation.result.list();
    if (operation.f != "read" || shown == nullptr) {
      operation.outcome = Outcome::fail;
      return;
    }
    auto spoiled = *shown;
    const int kind = random_.below(4);
    if (kind == 0 && spoiled.size() > 1) std::swap(spoiled.front(), spoiled.back());
    if (kind == 1 && !spoiled.empty()) {
      spoiled.erase(spoiled.begin() + random_.below(static_cast<int>(spoiled.size())));
    }
    if (kind == 2) spoiled.push_back(random_.below(domain_));
    if (kind == 3 && !spoiled.empty()) spoiled.pop_back();
    operation.result = spoiled;
  }

 private:
  Random& random_;
  int domain_;
  int read_percent_;
  List elements_;
};

TEST(RepeatedListDifferential, agrees_with_brute_force) {
  const auto make = [](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 40 : 10;
    RepeatingPlayer player(random, 1 + seed % 3);
    return random_history(random, shape, player);
  };
  const auto tally = Differential(ListAppend{}, make).compare(differential_histories());
  EXPECT_EQ(tally.fast, tally.histories);
  EXPECT_GT(tally.invalid, tally.histories / 10);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

TEST(RepeatedList, long_histories_with_crashed_appends_are_decided) {
  for (const int domain : {3, 100, 700}) {
    Random random(static_cast<std::uint64_t>(domain));
    RepeatingPlayer player(random, domain, 1);
    const auto operations = random_history(random, {3'000, 20, 5, 0, 0}, player);
    expect_explained(operations, ListAppend{}, "collection order");
  }
}

}  // namespace
}  // namespace sunder::checker::repeated_list_test
