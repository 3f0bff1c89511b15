#include "checker/linearizability/queue_order.h"

#include <deque>

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/operations_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/queue.h"

namespace sunder::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;
using Kind = FastAnswer::Kind;

FastAnswer ordered(const std::vector<Operation>& operations) {
  Budget budget;
  return decide_by_queue_order(pointers_to(operations), budget);
}

Operation enqueue(int value, int invoked, int returned) {
  return operation_at("enqueue", value, invoked, returned);
}

Operation dequeue(Value value, int invoked, int returned) {
  return operation_at("dequeue", std::move(value), invoked, returned);
}

/// The same dequeue, refused because the queue was empty.
Operation refused(Operation operation) {
  history::Answer answer;
  answer.found.emplace();
  operation.answer = std::make_shared<const history::Answer>(std::move(answer));
  operation.outcome = Outcome::fail;
  operation.result = {};
  return operation;
}

void expect_conflict(const std::vector<Operation>& operations,
                     const std::vector<std::size_t>& places) {
  auto answer = ordered(operations);
  EXPECT_EQ(answer.kind, Kind::not_linearizable);
  std::sort(answer.conflict.begin(), answer.conflict.end());
  EXPECT_EQ(answer.conflict, places);
}

TEST(QueueOrder, a_value_nobody_enqueued_is_a_conflict_of_one) {
  expect_conflict({enqueue(1, 0, 1), dequeue(2, 2, 3)}, {1});
}

TEST(QueueOrder, a_value_that_came_out_before_it_went_in_is_a_conflict_of_two) {
  expect_conflict({dequeue(1, 0, 1), enqueue(1, 2, 3)}, {0, 1});
}

TEST(QueueOrder, a_value_that_came_out_twice_is_a_conflict_of_three) {
  expect_conflict({enqueue(1, 0, 1), dequeue(1, 2, 3), enqueue(2, 4, 5), dequeue(1, 6, 7)},
                  {0, 1, 3});
}

TEST(QueueOrder, a_value_overtaken_is_a_conflict_of_four) {
  expect_conflict({enqueue(1, 0, 1), enqueue(2, 2, 3), dequeue(2, 4, 5), dequeue(1, 6, 7)},
                  {0, 1, 2, 3});
}

TEST(QueueOrder, a_value_overtaken_and_never_seen_is_a_conflict_of_three) {
  expect_conflict({enqueue(1, 0, 1), enqueue(2, 2, 3), dequeue(2, 4, 5)}, {0, 1, 2});
}

TEST(QueueOrder, nothing_found_while_values_take_turns_in_the_queue_is_a_conflict) {
  expect_conflict(
      {enqueue(1, 0, 1), dequeue({}, 2, 7), enqueue(2, 3, 4), dequeue(1, 5, 6), dequeue(2, 8, 9)},
      {0, 1, 2, 3, 4});
}

TEST(QueueOrder, a_refusal_that_says_the_queue_was_empty_is_judged_as_such_an_answer) {
  expect_conflict({enqueue(1, 0, 1), refused(dequeue({}, 2, 3))}, {0, 1});
  EXPECT_EQ(ordered({enqueue(1, 0, 2), refused(dequeue({}, 1, 3))}).kind, Kind::linearizable);
  auto silent = dequeue({}, 2, 3);
  silent.outcome = Outcome::fail;
  EXPECT_EQ(ordered({enqueue(1, 0, 1), silent}).kind, Kind::linearizable);
}

TEST(QueueOrder, nothing_found_between_two_values_is_linearizable) {
  EXPECT_EQ(ordered({enqueue(1, 0, 1), dequeue({}, 2, 7), dequeue(1, 3, 4), enqueue(2, 5, 6)}).kind,
            Kind::linearizable);
}

TEST(QueueOrder, an_unanswered_dequeue_or_a_value_enqueued_twice_is_left_to_the_search) {
  EXPECT_EQ(ordered({enqueue(1, 0, 1), dequeue({}, 2, -1)}).kind, Kind::not_applicable);
  EXPECT_EQ(ordered({enqueue(1, 0, 1), enqueue(1, 2, 3)}).kind, Kind::not_applicable);
}

class QueuePlayer final : public Player {
 public:
  explicit QueuePlayer(Random& random) : random_(random) {}

  void ask(Operation& operation) override {
    operation.f = random_.chance(55) ? "enqueue" : "dequeue";
    if (operation.f == "enqueue") operation.argument = next_value_++;
  }

  void answer(Operation& operation) override {
    operation.result = operation.argument;
    if (operation.f == "enqueue") {
      queue_.push_back(operation.argument);
    } else if (!queue_.empty()) {
      operation.result = queue_.front();
      queue_.pop_front();
    } else if (random_.chance(40)) {
      refuse(operation);
    }
  }

  void spoil(Operation& operation) override {
    if (operation.f == "enqueue") {
      operation.outcome = Outcome::fail;
    } else if (random_.chance(20)) {
      refuse(operation);
    } else {
      operation.outcome = Outcome::ok;
      operation.result = random_.chance(25) ? Value() : Value(random_.below(next_value_ + 1));
    }
  }

 private:
  static void refuse(Operation& operation) { operation = refused(operation); }

  Random& random_;
  std::deque<Value> queue_;
  int next_value_ = 0;
};

TEST(QueueOrder, agrees_with_brute_force) {
  const int histories = differential_histories();
  int applicable = 0;
  int invalid = 0;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 3 + seed % 7;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 10 : 0;
    QueuePlayer player(random);
    const auto operations = random_history(random, shape, player);
    const auto answer = ordered(operations);
    if (answer.kind == Kind::not_applicable) continue;
    ++applicable;
    const bool expected = BruteForce(Queue{}, operations).is_linearizable();
    ASSERT_EQ(answer.kind, expected ? Kind::linearizable : Kind::not_linearizable)
        << "seed " << seed << "\n"
        << to_text(operations);
    if (expected) continue;
    ++invalid;
    std::vector<Operation> blamed;
    for (const auto place : answer.conflict) blamed.push_back(operations[place]);
    ASSERT_FALSE(BruteForce(Queue{}, blamed).is_linearizable()) << to_text(operations);
  }
  EXPECT_GT(applicable, histories / 3);
  EXPECT_GT(invalid, histories / 10);
}

}  // namespace
}  // namespace sunder::checker
