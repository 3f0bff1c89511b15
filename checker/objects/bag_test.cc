#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/unordered_queue.h"
#include "checker/objects/differential_test.h"
#include "checker/objects/drains.h"
#include "checker/online/online_checker.h"

namespace sunder::checker::bag_test {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using testing::HasSubstr;

Operation put(int value, int invoked, int returned) {
  return operation_at("enqueue", value, invoked, returned);
}

Operation take(Value value, int invoked, int returned) {
  return operation_at("dequeue", std::move(value), invoked, returned);
}

Operation drain(Value taken, int invoked, int returned) {
  auto operation = operation_at("drain", {}, invoked, returned);
  operation.result = std::move(taken);
  return operation;
}

CheckResult judged(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, UnorderedQueue{});
}

void expect_invalid(std::vector<Operation> operations, std::string_view sentence) {
  const auto result = judged(std::move(operations));
  EXPECT_EQ(result.validity, Validity::invalid) << result.message;
  EXPECT_EQ(result.message, sentence);
}

void expect_valid(std::vector<Operation> operations) {
  const auto result = judged(std::move(operations));
  EXPECT_EQ(result.validity, Validity::valid) << result.message;
}

TEST(Bag, values_may_come_out_in_any_order_and_several_drains_share_them) {
  expect_valid({put(1, 0, 1), put(2, 2, 3), take(2, 4, 5), take(1, 6, 7)});
  expect_valid(
      {put(1, 0, 1), put(2, 2, 3), put(3, 4, 5), drain(List{3, 1}, 6, 8), drain(List{2}, 7, 9)});
}

TEST(Bag, what_no_drain_took_is_lost) {
  expect_invalid(
      {put(1, 0, 1), put(2, 2, 3), drain(List{2}, 4, 5)},
      "client 4's drain left the queue empty after client 0's enqueue of 1 had returned: "
      "nobody took it");
}

TEST(Bag, an_unanswered_drain_or_dequeue_can_have_taken_what_is_missing) {
  expect_valid({put(1, 0, 1), put(2, 2, 3), take({}, 4, -1), drain(List{2}, 5, 6)});
  expect_valid({put(1, 0, 1), put(2, 2, 3), drain({}, 4, -1), drain(List{}, 5, 6)});
  expect_invalid(
      {put(1, 0, 1), put(2, 2, 3), take({}, 4, -1), drain(List{}, 5, 6)},
      "client 5's drain left the queue empty after client 0's enqueue of 1 had returned: nobody "
      "took it; 2 values were there, and 1 unanswered dequeue can have taken 1 of them");
  expect_invalid({put(1, 0, 1), take({}, 2, 3), drain({}, 4, -1)},
                 "client 2's dequeue found the queue empty after client 0's enqueue of 1 had "
                 "returned");
}

TEST(Bag, a_value_taken_twice_is_named_with_both_takers) {
  expect_invalid({put(1, 0, 1), take(1, 2, 3), drain(List{1}, 4, 5)},
                 "client 4's drain took 1, which client 2's dequeue had taken too: it was enqueued "
                 "once");
  expect_invalid({put(1, 0, 1), drain(List{1, 1}, 4, 5)},
                 "client 4's drain took 1, which client 4's drain had taken too: it was enqueued "
                 "once");
}

TEST(Bag, a_value_that_nobody_enqueued_is_named) {
  expect_invalid({put(1, 0, 1), drain(List{1, 9}, 4, 5)},
                 "client 4's drain took 9, which nobody had enqueued");
  expect_invalid({take(1, 0, 1), put(1, 2, 3)},
                 "client 0's dequeue returned 1 before client 2's enqueue was invoked");
}

TEST(Bag, a_value_enqueued_twice_may_be_taken_twice_but_not_three_times) {
  expect_valid({put(1, 0, 1), put(1, 2, 3), take(1, 4, 5), take(1, 6, 7)});
  const auto result =
      judged({put(1, 0, 1), put(1, 2, 3), take(1, 4, 5), take(1, 6, 7), take(1, 8, 9)});
  EXPECT_EQ(result.procedure, "bag counts");
  EXPECT_THAT(result.message, HasSubstr("it was enqueued 2 times"));
}

TEST(Bag, a_drain_takes_one_value_after_the_other) {
  // At no moment are 1 and 2 both there and nothing else was: the dequeue finds none in between.
  expect_valid({put(1, 0, 1), drain(List{1, 2}, 2, 9), take({}, 3, 4), put(2, 5, 6)});
}

TEST(Bag, the_end_of_a_drain_is_behind_all_that_it_took) {
  // 2 came in when 3 was there, and 3 is nowhere.
  expect_invalid(
      {put(1, 0, 1), drain(List{1, 2}, 2, 9), put(3, 3, 4), put(2, 5, 6)},
      "client 2's drain left the queue empty after client 3's enqueue of 3 had returned: "
      "nobody took it");
}

TEST(Bag, a_proof_shows_a_drain_once_and_whole) {
  const auto result = judged({put(1, 0, 1), put(2, 2, 3), put(5, 4, 5), drain(List{5, 2}, 6, 7)});
  ASSERT_TRUE(result.counterexample);
  const auto& shown = result.counterexample->operations;
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0].argument, Value(1));
  EXPECT_EQ(shown[1].result, Value(List{5, 2}));
  EXPECT_EQ(result.counterexample->culprit, 1U);
}

TEST(Bag, many_unanswered_dequeues_are_counted_instead_of_shown) {
  std::vector<Operation> operations;
  for (int i = 0; i < 40; ++i) operations.push_back(put(i, 2 * i, 2 * i + 1));
  for (int i = 0; i < 39; ++i) operations.push_back(take({}, 100 + i, -1));
  operations.push_back(take({}, 200, 201));
  const auto result = judged(operations);
  EXPECT_THAT(result.message, HasSubstr("40 values were there, and 39 unanswered dequeues can have "
                                        "taken 39 of them"));
  ASSERT_TRUE(result.counterexample && result.counterexample->shortfall);
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
  EXPECT_TRUE(result.counterexample->is_minimal);
  operations.push_back(take({}, 199, -1));
  std::swap(operations[operations.size() - 1], operations[operations.size() - 2]);
  expect_valid(operations);
}

TEST(Bag, a_refused_dequeue_after_a_lost_value_is_a_proof_of_two_operations) {
  auto refused = take({}, 2, 3);
  refused.outcome = history::Outcome::fail;
  history::Answer answer;
  answer.found = Value();
  refused.answer = std::make_shared<const history::Answer>(std::move(answer));
  const auto result = judged({put(7, 0, 1), refused});
  ASSERT_TRUE(result.counterexample);
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
  EXPECT_EQ(result.counterexample->operations.back().returned, 3);
  EXPECT_TRUE(result.counterexample->is_minimal);
}

TEST(Bag, the_online_checker_finds_what_a_drain_lost_and_lets_several_drains_share) {
  const ErasedModelOf<UnorderedQueue> model{UnorderedQueue{}};
  for (const bool is_lost : {false, true}) {
    OnlineChecker online(model, 50'000, 4);
    const auto say = [&](int process, history::EventType type, std::string f, Value value) {
      history::Event event;
      event.process = history::ProcessId{process};
      event.type = type;
      event.f = std::move(f);
      event.value = std::move(value);
      online.observe(event);
    };
    for (int i = 0; i < 8; ++i) {
      say(0, history::EventType::invoke, "enqueue", i);
      say(0, history::EventType::ok, "enqueue", i);
    }
    List odd;
    List even;
    for (int i = is_lost ? 1 : 0; i < 8; ++i) (i % 2 == 0 ? even : odd).push_back(i);
    say(1, history::EventType::invoke, "drain", {});
    say(2, history::EventType::invoke, "drain", {});
    say(2, history::EventType::ok, "drain", even);
    say(1, history::EventType::ok, "drain", odd);
    online.finish();
    EXPECT_TRUE(online.given_up().empty());
    EXPECT_EQ(online.violation().has_value(), is_lost);
  }
}

class BagPlayer final : public Player {
 public:
  BagPlayer(Random& random, int domain) : random_(random), domain_(domain) {}

  void ask(Operation& operation) override {
    operation.f = random_.chance(50) ? "enqueue" : random_.chance(85) ? "dequeue" : "drain";
    if (operation.f != "enqueue") return;
    operation.argument = domain_ == 0 ? next_value_++ : random_.below(domain_);
  }

  void answer(Operation& operation) override {
    operation.result = operation.argument;
    if (operation.f == "enqueue") {
      bag_.push_back(operation.argument);
    } else if (operation.f == "drain") {
      operation.result = bag_;
      bag_.clear();
    } else if (!bag_.empty()) {
      const auto at = bag_.begin() + random_.below(static_cast<int>(bag_.size()));
      operation.result = *at;
      bag_.erase(at);
    }
  }

  void spoil(Operation& operation) override {
    const Value other = random_.below(domain_ == 0 ? next_value_ + 1 : domain_);
    if (operation.f == "enqueue") {
      operation.outcome = Outcome::fail;
    } else if (operation.f == "drain") {
      auto taken = *operation.result.list();
      if (taken.empty() || random_.chance(40)) {
        taken.push_back(other);
      } else {
        taken.pop_back();
      }
      operation.result = taken;
    } else {
      operation.result = random_.chance(40) ? Value() : other;
    }
  }

 private:
  Random& random_;
  int domain_;
  List bag_;
  int next_value_ = 0;
};

std::vector<Operation> split(const std::vector<Operation>& operations) {
  auto pointers = pointers_to(operations);
  std::deque<Operation> parts;
  Budget budget;
  split_drains(pointers, parts, budget);
  std::vector<Operation> copies;
  for (const auto* each : pointers) copies.push_back(*each);
  return copies;
}

Tally compare_bags(int domain) {
  const auto make = [domain](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 4;
    shape.clients = 2 + seed % 3;
    shape.crash_percent = seed % 2 == 0 ? 35 : 10;
    BagPlayer player(random, domain);
    return split(random_history(random, shape, player));
  };
  const auto tally = Differential(UnorderedQueue{}, make).compare(differential_histories());
  EXPECT_GT(tally.invalid, tally.histories / 10);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
  return tally;
}

TEST(BagDifferential, agrees_with_brute_force_on_unique_values) {
  const auto tally = compare_bags(0);
  EXPECT_EQ(tally.fast, tally.histories);
}

TEST(BagDifferential, agrees_with_brute_force_on_repeated_values) {
  const auto tally = compare_bags(3);
  EXPECT_GT(tally.fast, tally.histories / 3);
}

}  // namespace
}  // namespace sunder::checker::bag_test
