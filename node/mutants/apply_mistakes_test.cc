#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"
#include "node/store/state_bytes_test.h"

namespace sunder {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

/// The mutant's state machine.
struct Applying : Mutated {
  explicit Applying(std::string_view id) : Mutated(id), machine(parts.state_machine()) {}

  /// As the leader: proposed, then applied.
  Reply perform(const Request& request) { return apply(machine->command_for(request)); }
  /// As a follower, whose entries come from elsewhere.
  Reply apply(const std::string& command) { return machine->apply(*command_at(1, 1, command)); }
  std::string value(const std::string& key) const {
    return machine->read({9, 9, Operation::read, key, "", {}}).value.text_or("(none)");
  }

  std::unique_ptr<StateMachine> machine;
};

Request append_of(std::uint64_t client, std::string value) {
  return {client, 1, Operation::append, "k", std::move(value), {}};
}

/// What a right node would log.
std::string logged(const Request& request) {
  return StateMachine().command_for(request);
}

TEST(ApplyMistakes, A9_takes_the_first_entry_behind_the_snapshot_for_applied) {
  Mutated mutant("A9");
  const auto& applied = mutant.parts.rules.applied_at_start;
  EXPECT_EQ(applied(log_with({}, at(1, 4))), Index{4});
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(applied(log_with({1}, at(1, 4))), Index{5});
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ApplyMistakes, A10_applies_a_batch_from_its_end_on) {
  Applying mutant("A10");
  mutant.apply(logged(append_of(1, "a")));
  EXPECT_EQ(mutant.reached, 0);
  const std::vector<raft::EntryPtr> batch{command_at(1, 2, logged(append_of(2, "b"))),
                                          command_at(1, 3, logged(append_of(3, "c")))};
  const auto replies = mutant.machine->apply(batch);
  EXPECT_EQ(mutant.value("k"), "acb");
  EXPECT_EQ(replies.size(), 2u);
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ApplyMistakes, A11_logs_a_cas_that_would_succeed_as_a_write) {
  Applying mutant("A11");
  const Request create{1, 1, Operation::cas, "k", "a", std::nullopt};
  const Request change{2, 1, Operation::cas, "k", "b", "x"};
  EXPECT_EQ(mutant.perform(change).status, Status::mismatch);
  const auto first = mutant.machine->command_for(create);
  const auto second = mutant.machine->command_for({3, 1, Operation::cas, "k", "c", std::nullopt});
  EXPECT_EQ(mutant.apply(first).status, Status::ok);
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(mutant.apply(second).status, Status::ok);
  EXPECT_EQ(mutant.value("k"), "c");
  EXPECT_EQ(mutant.reached, 1);
}

TEST(ApplyMistakes, A12_applies_again_what_another_node_proposed) {
  Applying mutant("A12");
  mutant.perform(append_of(1, "a"));
  mutant.apply(logged(append_of(1, "a")));
  EXPECT_EQ(mutant.value("k"), "a");
  mutant.apply(logged(append_of(2, "b")));
  mutant.apply(logged(append_of(2, "b")));
  EXPECT_EQ(mutant.value("k"), "abb");
  EXPECT_EQ(mutant.reached, 3);
}

TEST(ApplyMistakes, A13_forgets_with_a_snapshot_what_clients_were_answered) {
  Applying mutant("A13");
  StateMachine right;
  EXPECT_EQ(bytes_of(*mutant.machine), bytes_of(right));
  EXPECT_EQ(mutant.reached, 0);
  mutant.perform(append_of(1, "a"));
  mutant.perform(append_of(1, "a"));
  EXPECT_EQ(mutant.value("k"), "a");
  mutant.machine->restore(bytes_of(*mutant.machine));
  EXPECT_EQ(mutant.reached, 1);
  mutant.perform(append_of(1, "a"));
  EXPECT_EQ(mutant.value("k"), "aa");
}

TEST(ApplyMistakes, S4_keeps_the_values_it_has_when_it_installs_a_snapshot) {
  Applying mutant("S4");
  StateMachine right;
  right.apply(*command_at(1, 1, logged({1, 1, Operation::write, "k", "new", {}})));
  right.apply(*command_at(1, 2, logged({1, 2, Operation::write, "other", "new", {}})));
  mutant.perform({2, 1, Operation::write, "k", "old", {}});
  EXPECT_EQ(mutant.reached, 0);
  mutant.machine->restore(bytes_of(right));
  EXPECT_EQ(mutant.value("k"), "old");
  EXPECT_EQ(mutant.value("other"), "new");
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder
