#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"
#include "node/store/state_bytes_test.h"

namespace sunder::object_mistakes_test {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Value;
using client_protocol::Values;

/// The mutant's state machine.
struct Holding : Mutated {
  explicit Holding(std::string_view id) : Mutated(id), machine(parts.state_machine()) {}

  /// As the leader: proposed, then applied.
  Reply perform(const Request& request) { return apply(propose(request)); }
  std::string propose(const Request& request) { return machine->command_for(request); }
  Reply apply(const std::string& command) {
    return machine->apply(*command_at(1, ++entries, command));
  }
  void apply_together(const std::vector<Request>& requests) {
    std::vector<raft::EntryPtr> batch;
    for (const auto& each : requests) batch.push_back(command_at(1, ++entries, logged(each)));
    machine->apply(batch);
  }
  /// What a right node would log.
  static std::string logged(const Request& request) { return StateMachine().command_for(request); }
  Value value(const std::string& key) const {
    return machine->read({9, 9, Operation::read, key, "", {}}).value;
  }
  /// The state that another node gets with this one's snapshot.
  void take_its_own_snapshot() { machine->restore(bytes_of(*machine)); }

  std::uint64_t entries = 0;
  std::unique_ptr<StateMachine> machine;
};

Request on(Operation operation, std::uint64_t client, std::string value = "",
           std::uint64_t number = 1) {
  return {client, number, operation, "k", std::move(value), {}};
}

Request increment(std::uint64_t client, std::int64_t amount) {
  return {client, 1, Operation::increment, "k", "", {}, amount};
}

Request txn(std::uint64_t client, std::vector<Request> operations) {
  return {client, 1, Operation::txn, "", "", {}, 0, std::move(operations)};
}

Request step(Operation operation, std::string key, std::string value = "",
             std::optional<std::string> expected = {}) {
  return {0, 0, operation, std::move(key), std::move(value), std::move(expected)};
}

TEST(ObjectMistakes, O1_sorts_the_pushes_of_a_batch_by_client) {
  Holding mutant("O1");
  mutant.apply_together({on(Operation::push, 1, "a"), on(Operation::push, 2, "b")});
  EXPECT_EQ(mutant.reached, 0);
  mutant.apply_together({on(Operation::push, 4, "d"), on(Operation::push, 3, "c")});
  EXPECT_EQ(mutant.value("k"), (Values{"a", "b", "c", "d"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O2_pushes_again_when_a_push_is_retried) {
  Holding mutant("O2");
  for (const char* element : {"a", "a"}) mutant.perform(on(Operation::push, 1, element));
  EXPECT_EQ(mutant.value("k"), (Values{"a", "a"}));
  EXPECT_GT(mutant.reached, 0);
  Holding other("O2");
  other.perform({1, 1, Operation::append, "t", "a", {}});
  other.perform({1, 1, Operation::append, "t", "a", {}});
  EXPECT_EQ(other.value("t"), "a");
  EXPECT_EQ(other.reached, 0);
}

TEST(ObjectMistakes, O3_keeps_the_last_add_of_a_batch) {
  Holding mutant("O3");
  mutant.apply_together({on(Operation::add, 1, "a"), on(Operation::push, 2, "a")});
  mutant.apply_together({on(Operation::add, 3, "b")});
  EXPECT_EQ(mutant.reached, 0);
  mutant.apply_together(
      {on(Operation::add, 4, "c"), on(Operation::add, 5, "a"), on(Operation::add, 6, "d")});
  EXPECT_EQ(mutant.value("k"), (Values{"a", "b", "d"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O4_writes_snapshots_without_removes) {
  Holding mutant("O4");
  for (const char* element : {"a", "b"}) mutant.perform(on(Operation::add, 1, element, 1));
  mutant.perform(on(Operation::add, 2, "b"));
  mutant.take_its_own_snapshot();
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform(on(Operation::remove, 3, "b"));
  EXPECT_EQ(mutant.value("k"), Values{"a"});
  mutant.take_its_own_snapshot();
  EXPECT_EQ(mutant.value("k"), (Values{"a", "b"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O5_increments_again_when_an_increment_is_retried) {
  Holding mutant("O5");
  mutant.perform(increment(1, 5));
  mutant.perform(increment(2, 1));
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform(increment(1, 5));
  EXPECT_EQ(mutant.value("k"), 11);
  EXPECT_GT(mutant.reached, 0);
}

TEST(ObjectMistakes, O6_logs_the_sum_that_was_right_when_it_was_proposed) {
  Holding mutant("O6");
  mutant.perform(increment(1, 5));
  mutant.perform(increment(2, 1));
  EXPECT_EQ(mutant.value("k"), 6);
  EXPECT_EQ(mutant.reached, 0);
  const auto first = mutant.propose(increment(3, 10));
  const auto second = mutant.propose(increment(4, 100));
  mutant.apply(first);
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(mutant.apply(second).status, Status::ok);
  EXPECT_EQ(mutant.value("k"), 106);
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O7_answers_a_dequeue_with_what_was_first_when_it_was_proposed) {
  Holding mutant("O7");
  for (std::uint64_t client : {1, 2, 3}) {
    mutant.perform(on(Operation::enqueue, client, std::to_string(client)));
  }
  EXPECT_EQ(mutant.perform(on(Operation::dequeue, 4)).value, "1");
  EXPECT_EQ(mutant.reached, 0);
  const auto first = mutant.propose(on(Operation::dequeue, 5));
  const auto second = mutant.propose(on(Operation::dequeue, 6));
  EXPECT_EQ(mutant.apply(first).value, "2");
  EXPECT_EQ(mutant.apply(second).value, "2");
  EXPECT_EQ(mutant.value("k"), Values{});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O8_dequeues_again_when_a_dequeue_is_retried) {
  Holding mutant("O8");
  for (std::uint64_t client : {1, 2}) {
    mutant.perform(on(Operation::enqueue, client, std::to_string(client)));
  }
  EXPECT_EQ(mutant.perform(on(Operation::dequeue, 3)).value, "1");
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(mutant.perform(on(Operation::dequeue, 3)).value, "2");
  EXPECT_GT(mutant.reached, 0);
}

TEST(ObjectMistakes, O9_writes_snapshots_without_the_tokens_of_free_locks) {
  Holding mutant("O9");
  mutant.perform(on(Operation::acquire, 1, "c1"));
  mutant.take_its_own_snapshot();
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform(on(Operation::release, 2, "c1"));
  mutant.take_its_own_snapshot();
  EXPECT_EQ(mutant.reached, 1);
  EXPECT_EQ(mutant.perform(on(Operation::acquire, 3, "c3")).value, 1);
}

TEST(ObjectMistakes, O10_grants_a_lock_that_is_free_when_the_acquire_is_proposed) {
  Mutated mutant("O10");
  RecordedClients clients;
  const auto proposals = mutant.parts.proposals(clients);
  const auto machine = mutant.parts.state_machine();
  proposals->proposed(Index{1}, 11, on(Operation::acquire, 1, "c1"));
  proposals->proposed(Index{2}, 12, on(Operation::acquire, 2, "c2"));
  ASSERT_EQ(clients.answers.size(), 2u);
  for (const auto& [connection, reply] : clients.answers) {
    EXPECT_EQ(reply.status, Status::ok);
    EXPECT_EQ(reply.value, 1);
  }
  EXPECT_EQ(mutant.reached, 2);
  machine->apply(*command_at(1, 1, Holding::logged(on(Operation::acquire, 1, "c1"))));
  proposals->proposed(Index{3}, 13, on(Operation::acquire, 3, "c3"));
  proposals->proposed(Index{4}, 14, on(Operation::release, 4, "c1"));
  EXPECT_EQ(clients.answers.size(), 2u) << "they wait";
  EXPECT_EQ(mutant.reached, 2);
}

TEST(ObjectMistakes, O11_releases_whoever_holds_the_lock) {
  Holding mutant("O11");
  mutant.perform(on(Operation::acquire, 1, "c1"));
  EXPECT_EQ(mutant.perform(on(Operation::release, 2, "c1")).status, Status::ok);
  EXPECT_EQ(mutant.perform(on(Operation::release, 3, "c3")).status, Status::not_held);
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform(on(Operation::acquire, 4, "c4"));
  EXPECT_EQ(mutant.perform(on(Operation::release, 5, "c5")).status, Status::ok);
  EXPECT_EQ(mutant.value("k"), (Values{2, {}}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O12_keeps_what_a_refused_transaction_did_first) {
  Holding mutant("O12");
  mutant.perform(txn(1, {step(Operation::write, "a", "1"), step(Operation::write, "b", "1")}));
  mutant.perform(txn(2, {step(Operation::cas, "a", "2", "x"), step(Operation::write, "b", "2")}));
  EXPECT_EQ(mutant.reached, 0);
  const auto half = txn(3, {step(Operation::write, "a", "2"), step(Operation::cas, "b", "2", "x")});
  EXPECT_EQ(mutant.perform(half).status, Status::mismatch);
  EXPECT_EQ(mutant.value("a"), "2");
  EXPECT_EQ(mutant.value("b"), "1");
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O13_changes_the_first_key_of_a_transaction_before_the_others) {
  Holding mutant("O13");
  mutant.perform(txn(1, {step(Operation::write, "a", "1"), step(Operation::write, "b", "1")}));
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform(txn(2, {step(Operation::write, "a", "2"), step(Operation::write, "b", "2")}));
  EXPECT_EQ(mutant.value("a"), "2");
  EXPECT_EQ(mutant.value("b"), "1");
  EXPECT_EQ(mutant.reached, 1);
  mutant.perform(on(Operation::push, 3, "x"));
  EXPECT_EQ(mutant.value("b"), "2");
}

TEST(ObjectMistakes, O14_counts_ids_from_the_last_restore_on) {
  Holding mutant("O14");
  const auto generate = [](std::uint64_t client) {
    return Request{client, 1, Operation::generate, "", "", {}};
  };
  EXPECT_EQ(mutant.perform(generate(1)).value, 1);
  EXPECT_EQ(mutant.perform(generate(2)).value, 2);
  EXPECT_EQ(mutant.reached, 0);
  mutant.take_its_own_snapshot();
  EXPECT_EQ(mutant.perform(generate(3)).value, 1);
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ObjectMistakes, O15_gives_one_id_to_all_that_are_proposed_together) {
  Holding mutant("O15");
  const auto generate = [](std::uint64_t client) {
    return Request{client, 1, Operation::generate, "", "", {}};
  };
  EXPECT_EQ(mutant.perform(generate(1)).value, 1);
  const auto first = mutant.propose(generate(2));
  const auto second = mutant.propose(generate(3));
  EXPECT_EQ(mutant.apply(first).value, 2);
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(mutant.apply(second).value, 2);
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder::object_mistakes_test
