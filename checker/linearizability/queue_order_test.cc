#include "checker/linearizability/queue_order.h"

#include <deque>

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/queue.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;
using Kind = FastAnswer::Kind;

FastAnswer ordered(const std::vector<Operation>& operations) {
  Budget budget;
  return decide_by_queue_order(pointers_to(operations), Discipline::fifo, budget);
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

TEST(QueueOrder, a_value_enqueued_twice_is_left_to_the_search) {
  EXPECT_EQ(ordered({enqueue(1, 0, 1), enqueue(1, 2, 3)}).kind, Kind::not_applicable);
}

std::string message_of(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, Queue{}).message;
}

TEST(QueueOrder, an_unanswered_dequeue_can_have_taken_one_value_that_is_overtaken_but_not_two) {
  std::vector<Operation> operations = {enqueue(1, 0, 1), dequeue({}, 2, -1), enqueue(3, 3, 4),
                                       dequeue(3, 7, 8)};
  EXPECT_EQ(ordered(operations).kind, Kind::linearizable);
  operations[2] = enqueue(2, 3, 4);
  operations[3] = enqueue(3, 5, 6);
  operations.push_back(dequeue(3, 7, 8));
  expect_conflict(operations, {0, 1, 2, 3, 4});
  EXPECT_EQ(message_of(operations),
            "client 7's dequeue returned 3 before 1, which nobody dequeued, although client 0's "
            "enqueue of 1 had returned before client 5's enqueue of 3 began; 2 values were "
            "overtaken, and 1 unanswered dequeue can have taken 1 of them");
}

TEST(QueueOrder, an_unanswered_dequeue_that_began_too_late_took_nothing_in_time) {
  expect_conflict({enqueue(1, 0, 1), enqueue(2, 2, 3), dequeue(2, 4, 5), dequeue({}, 6, -1)},
                  {0, 1, 2});
  expect_conflict({enqueue(1, 0, 1), dequeue({}, 2, 3), dequeue({}, 4, -1)}, {0, 1});
}

TEST(QueueOrder, the_dequeues_of_a_proof_without_the_unanswered_ones_stay_answered) {
  history::History history;
  history.operations = {dequeue({}, 0, -1), enqueue(1, 1, 2), enqueue(2, 3, 4), dequeue(2, 5, 6),
                        dequeue(1, 7, 8)};
  const auto result = check_linearizability(history, Queue{});
  ASSERT_TRUE(result.counterexample);
  EXPECT_EQ(result.counterexample->operations.size(), 4U);
  EXPECT_EQ(result.message,
            "client 5's dequeue returned 2 before 1, which client 7's dequeue returned only later, "
            "although client 1's enqueue of 1 had returned before client 3's enqueue of 2 began");
  for (const auto& each : result.counterexample->operations) {
    EXPECT_FALSE(each.f == "dequeue" && each.weakened);
  }
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

TEST(QueueOrderDifferential, agrees_with_brute_force) {
  const auto make = [](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 10 : seed % 3 == 1 ? 40 : 0;
    QueuePlayer player(random);
    return random_history(random, shape, player);
  };
  const auto tally = Differential(Queue{}, make).compare(differential_histories());
  EXPECT_EQ(tally.fast, tally.histories);
  EXPECT_GT(tally.invalid, tally.histories / 10);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

}  // namespace
}  // namespace sunder::checker
