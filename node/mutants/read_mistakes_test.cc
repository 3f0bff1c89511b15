#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"

namespace sunder::read_mistakes_test {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Value;
using client_protocol::Values;

Request step(Operation operation, std::string key, std::string value = "") {
  return {0, 0, operation, std::move(key), std::move(value), {}};
}
Request txn(std::uint64_t client, std::uint64_t number, std::vector<Request> operations) {
  return {client, number, Operation::txn, "", "", {}, 0, std::move(operations)};
}
Request read_of(std::string key, std::uint64_t client = 9, std::uint64_t number = 1) {
  return {client, number, Operation::read, std::move(key), "", {}};
}
Request both_read(std::uint64_t number = 1) {
  return txn(9, number, {step(Operation::read, "x"), step(Operation::read, "y")});
}
Request both_pushed(std::uint64_t client, const std::string& element) {
  return txn(client, 1, {step(Operation::push, "x", element), step(Operation::push, "y", element)});
}

/// The mutant's state machine on one node.
struct Reading : Mutated {
  explicit Reading(std::string_view id, int node = 1) : Mutated(id) {
    Calls calls;
    parts.storage(std::make_unique<RecordedStorage>(calls), NodeId{node});
    machine = parts.state_machine();
  }

  Reply perform(const Request& request) {
    return machine->apply(*command_at(1, ++entries, machine->command_for(request)));
  }

  std::uint64_t entries = 0;
  std::unique_ptr<StateMachine> machine;
};

TEST(ReadMistakes, a_right_node_answers_no_read_by_itself) {
  StateMachine machine;
  EXPECT_FALSE(machine.reply_alone(read_of("x")));
  EXPECT_FALSE(machine.reply_alone(both_read()));
}

TEST(ReadMistakes, O16_answers_reading_transactions_from_what_the_node_has) {
  Reading mutant("O16");
  mutant.perform(both_pushed(1, "a"));
  EXPECT_EQ(mutant.machine->reply_alone(both_read())->value, (Values{Values{"a"}, Values{"a"}}));
  EXPECT_EQ(mutant.reached, 1);
  EXPECT_FALSE(mutant.machine->reply_alone(read_of("x")));
}

TEST(ReadMistakes, O17_reads_one_half_when_the_transaction_comes_and_one_when_it_is_confirmed) {
  Reading mutant("O17");
  mutant.perform(both_pushed(1, "a"));
  EXPECT_FALSE(mutant.machine->reply_alone(both_read()));
  EXPECT_EQ(mutant.machine->read(both_read()).value, (Values{Values{"a"}, Values{"a"}}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(mutant.machine->reply_alone(both_read(2)));
  mutant.perform(both_pushed(2, "b"));
  EXPECT_EQ(mutant.machine->read(both_read(2)).value, (Values{Values{"a"}, Values{"a", "b"}}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReadMistakes, O18_shows_half_of_the_keys_late_and_other_nodes_the_other_half) {
  for (const int node : {1, 2}) {
    Reading mutant("O18", node);
    mutant.perform(txn(1, 1, {step(Operation::write, "x", "1")}));
    mutant.perform(txn(1, 2, {step(Operation::write, "y", "1")}));
    // 'x' is even.
    const Values seen = node == 1 ? Values{"1", {}} : Values{{}, "1"};
    EXPECT_EQ(mutant.machine->reply_alone(both_read())->value, Value(seen));
    EXPECT_EQ(mutant.reached, 1);
    for (std::uint64_t i = 3; i < 30; ++i) {
      mutant.perform(txn(1, i, {step(Operation::write, "z", "1")}));
    }
    EXPECT_EQ(mutant.machine->reply_alone(both_read())->value, (Values{"1", "1"}));
    EXPECT_EQ(mutant.reached, 1);
  }
}

TEST(ReadMistakes, O19_loses_an_append_that_was_proposed_at_the_same_time) {
  Reading mutant("O19");
  const auto append = [](std::uint64_t client, std::string text) {
    return Request{client, 1, Operation::append, "t", std::move(text), {}};
  };
  mutant.perform(append(1, "a"));
  EXPECT_EQ(mutant.reached, 0);
  const auto one = mutant.machine->command_for(append(2, "b"));
  const auto other = mutant.machine->command_for(append(3, "c"));
  mutant.machine->apply(*command_at(1, ++mutant.entries, one));
  EXPECT_EQ(mutant.reached, 0);
  mutant.machine->apply(*command_at(1, ++mutant.entries, other));
  EXPECT_EQ(mutant.machine->read(read_of("t")).value, "ac");
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReadMistakes, O20_answers_reads_from_what_the_node_has) {
  Reading mutant("O20");
  EXPECT_EQ(mutant.machine->reply_alone(read_of("x"))->value, Value());
  EXPECT_FALSE(mutant.machine->reply_alone(both_read()));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ReadMistakes, O21_answers_reads_of_clients_whose_last_call_is_known_here) {
  Reading mutant("O21");
  EXPECT_FALSE(mutant.machine->reply_alone(read_of("x", 9, 2)));
  mutant.perform({9, 2, Operation::write, "x", "1", {}});
  EXPECT_EQ(mutant.machine->reply_alone(read_of("x", 9, 3))->value, "1");
  EXPECT_EQ(mutant.machine->reply_alone(read_of("x", 9, 4))->value, "1");
  EXPECT_EQ(mutant.reached, 2);
  EXPECT_FALSE(mutant.machine->reply_alone(read_of("x", 9, 6))) << "call 5 went elsewhere";
  EXPECT_FALSE(mutant.machine->reply_alone(read_of("x", 8, 1)));
}

TEST(ReadMistakes, O22_answers_the_last_entry_as_the_version_of_a_key) {
  Reading mutant("O22");
  mutant.perform({1, 1, Operation::write, "x", "1", {}});
  EXPECT_EQ(mutant.machine->read(read_of("x")).version, Index{1});
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform({2, 1, Operation::write, "y", "1", {}});
  EXPECT_EQ(mutant.machine->read(read_of("x")).version, Index{2});
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder::read_mistakes_test
