#include "checker/objects/counter_sweep.h"

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/counter.h"
#include "checker/models/players_test.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::counter_sweep_test {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;

Operation add(int amount, int invoked, int returned) {
  return operation_at("add", amount, invoked, returned);
}
Operation read(Value seen, int invoked, int returned) {
  return operation_at("read", std::move(seen), invoked, returned);
}

CheckResult check(std::vector<Operation> operations, const Counter& model = {}) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, model);
}

TEST(CounterSweep, a_lost_add_is_shown_between_two_reads) {
  std::vector<Operation> operations;
  int at = 0;
  for (int i = 0; i < 20; ++i, at += 4) {
    operations.push_back(add(1, at, at + 1));
    operations.push_back(read(i == 19 ? i : i + 1, at + 2, at + 3));
  }
  const auto result = check(operations);
  EXPECT_EQ(result.procedure, "lazy sweep");
  EXPECT_EQ(result.message,
            "client 78 read 19 after client 74 had read 19, although client 76's add of 1 had "
            "returned in between");
  EXPECT_EQ(result.counterexample->operations.size(), 3U);
}

TEST(CounterSweep, a_counter_that_goes_back_is_shown_by_two_reads) {
  const auto result = check({add(2, 0, -1), add(2, 1, -1), read(4, 2, 3), read(2, 4, 5)});
  EXPECT_EQ(result.message, "client 4 read 2 after client 2 had read 4: nothing takes back an add");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(CounterSweep, more_than_was_added_is_told_by_its_count) {
  std::vector<Operation> operations;
  for (int i = 0; i < 10; ++i) operations.push_back(add(1, 2 * i, i % 2 == 0 ? -1 : 2 * i + 1));
  operations.push_back(read(11, 20, 21));
  const auto result = check(operations);
  EXPECT_EQ(result.message,
            "client 20 read 11 although only 10 adds of 1 had been invoked by then");
  EXPECT_EQ(result.counterexample->operations.size(), 1U);
}

TEST(CounterSweep, less_than_was_added_before_is_told_by_its_count) {
  std::vector<Operation> operations;
  for (int i = 0; i < 10; ++i) operations.push_back(add(1, 2 * i, 2 * i + 1));
  operations.push_back(read(9, 20, 21));
  EXPECT_EQ(check(operations).message,
            "client 20 read 9, although 10 adds of 1 had returned before");
}

TEST(CounterSweep, a_remainder_that_no_add_leaves_needs_no_other_operation) {
  EXPECT_EQ(check({add(2, 0, -1), add(2, 1, -1), read(3, 2, 3)}).message,
            "client 2 read 3, which no sum of adds of 2 gives");
  EXPECT_EQ(check({add(2, 0, -1), read("2", 2, 3)}).validity, Validity::invalid);
}

TEST(CounterSweep, negative_amounts_and_a_first_value_count_too) {
  EXPECT_EQ(check({add(-3, 0, 1), read(2, 2, 3)}, Counter{5}).procedure, "lazy sweep");
  EXPECT_EQ(check({add(-3, 0, 1), read(2, 2, 3)}, Counter{5}).validity, Validity::valid);
  EXPECT_EQ(check({add(-3, 0, 1), read({}, 2, 3)}, Counter{5}).validity, Validity::invalid);
}

TEST(CounterSweep, sums_of_mixed_amounts_are_sums_of_whole_adds) {
  EXPECT_EQ(check({add(2, 0, -1), add(3, 1, -1), read(5, 2, 3)}).validity, Validity::valid);
  EXPECT_EQ(check({add(2, 0, -1), add(3, 1, -1), read(4, 2, 3)}).validity, Validity::invalid);
  EXPECT_EQ(check({add(2, 0, 1), add(3, 2, 3), read(4, 4, 5)}).procedure, "lazy sweep");
  EXPECT_EQ(check({add(2, 0, 1), add(-3, 2, 3), read(4, 4, 5)}).validity, Validity::invalid);
  EXPECT_EQ(check({add(2, 0, 1), add(-3, 2, 3), read(-1, 4, 5)}).validity, Validity::valid);
}

class CounterPlayer final : public Player {
 public:
  CounterPlayer(Random& random, std::vector<int> amounts)
      : random_(random), amounts_(std::move(amounts)) {}

  void ask(Operation& operation) override {
    operation.f = random_.chance(50) ? "read" : "add";
    if (operation.f == "add") {
      operation.argument =
          amounts_[static_cast<std::size_t>(random_.below(static_cast<int>(amounts_.size())))];
    }
  }
  void answer(Operation& operation) override {
    operation.result = operation.argument;
    if (operation.f == "add") {
      sum_ += *operation.argument.integer();
    } else {
      operation.result = random_.chance(20) && sum_ == 0 ? Value() : Value(sum_);
    }
  }
  void spoil(Operation& operation) override {
    if (operation.f == "add") {
      operation.outcome = Outcome::fail;
    } else {
      operation.result = static_cast<std::int64_t>(sum_ + random_.below(7) - 3);
    }
  }

 private:
  Random& random_;
  std::vector<int> amounts_;
  std::int64_t sum_ = 0;
};

Tally compare_with_brute_force(const std::vector<int>& amounts) {
  const auto make = [&amounts](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 7;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 35 : 10;
    CounterPlayer player(random, amounts);
    return random_history(random, shape, player);
  };
  const auto tally = Differential(Counter{}, make).compare(differential_histories());
  EXPECT_GT(tally.invalid, tally.histories / 10);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
  return tally;
}

TEST(CounterSweep, long_histories_of_mixed_amounts_with_crashed_adds_are_decided) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    Random random(seed);
    const auto operations = random_history_of("counter", random, {2'000, 10, 5, 0, 0});
    expect_explained(operations, Counter{}, "lazy sweep");
  }
}

TEST(CounterSweepDifferential, agrees_with_brute_force_on_equal_amounts) {
  for (const auto& amounts : {std::vector{1}, std::vector{2}, std::vector{-1, 0}}) {
    const auto tally = compare_with_brute_force(amounts);
    EXPECT_EQ(tally.fast, tally.histories);
  }
}

TEST(CounterSweepDifferential, agrees_with_brute_force_on_mixed_amounts) {
  EXPECT_GT(compare_with_brute_force({1, 2}).fast, differential_histories() / 10);
  compare_with_brute_force({1, -2, 3});
}

}  // namespace
}  // namespace sunder::checker::counter_sweep_test
