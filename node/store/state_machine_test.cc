#include "node/store/state_machine.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "node/store/command.h"
#include "node/store/state_bytes_test.h"

namespace sunder {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

raft::EntryPtr command_entry(std::string data, std::uint64_t index = 1) {
  return raft::make_entry({Term{1}, Index{index}}, raft::EntryType::command, std::move(data));
}

Reply apply(StateMachine& machine, const Request& request) {
  return machine.apply(*command_entry(encode_command(request)));
}

std::string value(const StateMachine& machine, const std::string& key) {
  return machine.read({9, 9, Operation::read, key, "", {}}).value.text_or("(none)");
}

TEST(Command, survives_its_encoding) {
  for (const auto& request : {
           Request{7, 3, Operation::write, "k1", "17", {}},
           Request{7, 4, Operation::cas, "k1", "18", "17"},
           Request{UINT64_MAX, 4, Operation::cas, "", std::string("\0\n", 2), {}},
       }) {
    EXPECT_EQ(decode_command(encode_command(request)), request);
  }
  const auto whole = encode_command({7, 4, Operation::cas, "k1", "18", "17"});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(decode_command(whole.substr(0, length)), std::runtime_error);
  }
}

TEST(StateMachine, writes_appends_and_compares) {
  StateMachine machine;
  EXPECT_EQ(apply(machine, {1, 1, Operation::write, "k", "a", {}}).status, Status::ok);
  EXPECT_EQ(apply(machine, {1, 2, Operation::append, "k", "b", {}}).status, Status::ok);
  EXPECT_EQ(value(machine, "k"), "ab");
  const auto mismatch = apply(machine, {1, 3, Operation::cas, "k", "c", "x"});
  EXPECT_EQ(mismatch.status, Status::mismatch);
  EXPECT_EQ(mismatch.value, "ab");
  EXPECT_EQ(apply(machine, {1, 4, Operation::cas, "k", "c", "ab"}).status, Status::ok);
  EXPECT_EQ(value(machine, "k"), "c");
}

TEST(StateMachine, a_cas_that_expects_nothing_creates_once) {
  StateMachine machine;
  EXPECT_EQ(apply(machine, {1, 1, Operation::cas, "k", "a", {}}).status, Status::ok);
  EXPECT_EQ(apply(machine, {1, 2, Operation::cas, "k", "b", {}}).status, Status::mismatch);
  EXPECT_EQ(value(machine, "k"), "a");
}

TEST(StateMachine, a_retried_command_is_answered_again_and_applied_once) {
  StateMachine machine;
  const Request append{1, 1, Operation::append, "k", "a", {}};
  const auto first = apply(machine, append);
  EXPECT_EQ(apply(machine, append), first);
  EXPECT_EQ(value(machine, "k"), "a");
  // Also a cas that would now find something else.
  const Request cas{2, 1, Operation::cas, "k", "b", "a"};
  EXPECT_EQ(apply(machine, cas).status, Status::ok);
  EXPECT_EQ(apply(machine, cas).status, Status::ok);
}

TEST(StateMachine, a_reply_and_its_repetition_name_the_entry_that_was_applied) {
  StateMachine machine;
  const Request write{1, 1, Operation::write, "k", "a", {}};
  const auto first = command_entry(encode_command(write), 5);
  const auto reply = machine.apply(*first);
  EXPECT_EQ(reply.index, Index{5});
  EXPECT_EQ(reply.term, Term{1});
  EXPECT_EQ(reply.command, first->digest);
  EXPECT_EQ(machine.apply(*command_entry(encode_command(write), 6)), reply);
  StateMachine other;
  other.restore(bytes_of(machine));
  EXPECT_EQ(*other.earlier_reply(write), reply);
}

TEST(StateMachine, the_digest_tells_states_apart_and_not_the_ways_to_them) {
  StateMachine machine;
  const auto empty = machine.digest();
  apply(machine, {1, 1, Operation::append, "k", "a", {}});
  apply(machine, {2, 1, Operation::write, "l", "b", {}});
  StateMachine swapped;
  apply(swapped, {1, 1, Operation::append, "k", "b", {}});
  apply(swapped, {2, 1, Operation::write, "l", "a", {}});
  EXPECT_NE(machine.digest(), empty);
  EXPECT_NE(machine.digest(), swapped.digest());

  const auto data = machine.freeze()();
  apply(machine, {1, 2, Operation::append, "k", "c", {}});
  const auto later = machine.digest();
  machine.thaw();
  EXPECT_EQ(machine.digest(), later);

  StateMachine restored;
  apply(restored, {7, 1, Operation::write, "m", "x", {}});
  restored.restore(data);
  EXPECT_NE(restored.digest(), later);
  apply(restored, {1, 2, Operation::append, "k", "c", {}});
  EXPECT_EQ(restored.digest(), later);
}

TEST(StateMachine, the_digest_includes_the_sessions) {
  StateMachine one;
  StateMachine other;
  apply(one, {1, 1, Operation::write, "k", "a", {}});
  apply(other, {2, 1, Operation::write, "k", "a", {}});
  EXPECT_NE(one.digest(), other.digest());
}

TEST(StateMachine, a_command_older_than_the_clients_last_is_not_applied) {
  StateMachine machine;
  apply(machine, {1, 2, Operation::append, "k", "b", {}});
  EXPECT_EQ(apply(machine, {1, 1, Operation::append, "k", "a", {}}).status,
            Status::session_expired);
  EXPECT_EQ(value(machine, "k"), "b");
}

TEST(StateMachine, a_snapshot_holds_the_store_and_the_sessions) {
  StateMachine machine;
  const Request append{1, 1, Operation::append, "k", "a", {}};
  apply(machine, append);
  apply(machine, {2, 5, Operation::cas, "k", "b", "x"});
  StateMachine copy;
  apply(copy, {3, 1, Operation::write, "other", "gone after the restore", {}});
  copy.restore(bytes_of(machine));
  EXPECT_EQ(bytes_of(copy), bytes_of(machine));
  EXPECT_EQ(value(copy, "other"), "(none)");
  apply(copy, append);
  EXPECT_EQ(value(copy, "k"), "a");
  const auto whole = bytes_of(machine);
  EXPECT_THROW(copy.restore(whole.substr(0, whole.size() - 1)), std::runtime_error);
}

TEST(StateMachine, a_snapshot_shows_nothing_of_what_is_applied_while_it_is_written) {
  StateMachine machine;
  apply(machine, {1, 1, Operation::write, "a", "1", {}});
  apply(machine, {1, 2, Operation::write, "b", "1", {}});
  const auto before = bytes_of(machine);
  const auto encode = machine.freeze();
  EXPECT_EQ(value(machine, "a"), "1");
  apply(machine, {1, 3, Operation::append, "a", "2", {}});
  apply(machine, {1, 4, Operation::append, "a", "3", {}});
  EXPECT_EQ(apply(machine, {1, 5, Operation::cas, "b", "2", "1"}).status, Status::ok);
  apply(machine, {1, 6, Operation::append, "c", "1", {}});
  EXPECT_EQ(encode(), before);
  EXPECT_EQ(value(machine, "a") + value(machine, "b") + value(machine, "c"), "12321");
}

TEST(StateMachine, thawing_keeps_what_was_applied_before_and_while_it_was_frozen) {
  StateMachine machine;
  apply(machine, {1, 1, Operation::write, "a", "1", {}});
  apply(machine, {1, 2, Operation::write, "b", "1", {}});
  machine.freeze();
  apply(machine, {1, 3, Operation::append, "a", "2", {}});
  apply(machine, {1, 4, Operation::append, "c", "1", {}});
  machine.thaw();
  EXPECT_EQ(value(machine, "a") + value(machine, "b") + value(machine, "c"), "1211");
  StateMachine copy;
  copy.restore(bytes_of(machine));
  EXPECT_EQ(bytes_of(copy), bytes_of(machine));
}

TEST(StateMachine, a_restored_one_needs_no_thaw) {
  StateMachine machine;
  apply(machine, {1, 1, Operation::write, "a", "1", {}});
  const auto encode = machine.freeze();
  machine.restore(encode());
  apply(machine, {1, 2, Operation::append, "a", "2", {}});
  machine.thaw();
  EXPECT_EQ(value(machine, "a"), "12");
}

TEST(StateMachine, a_retried_command_of_any_type_is_done_once) {
  StateMachine machine;
  const std::vector<Request> commands{
      {1, 1, Operation::push, "l", "a", {}},
      {2, 1, Operation::increment, "c", "", {}, 5},
      {3, 1, Operation::enqueue, "q", "a", {}},
      {4, 1, Operation::enqueue, "q", "b", {}},
      {5, 1, Operation::dequeue, "q", "", {}},
      {6, 1, Operation::acquire, "m", "c1", {}},
      {7, 1, Operation::generate, "", "", {}},
      {8,
       1,
       Operation::txn,
       "",
       "",
       {},
       0,
       {{0, 0, Operation::push, "l", "b", {}}, {0, 0, Operation::read, "l", "", {}}}}};
  std::vector<Reply> replies;
  for (const auto& command : commands) {
    replies.push_back(machine.apply(*command_entry(encode_command(command), replies.size() + 1)));
    EXPECT_EQ(replies.back().status, Status::ok);
  }
  const auto digest = machine.digest();
  StateMachine restored;
  restored.restore(bytes_of(machine));
  for (std::size_t place = 0; place < commands.size(); ++place) {
    const auto again = command_entry(encode_command(commands[place]), 20 + place);
    EXPECT_EQ(machine.apply(*again), replies[place]);
    EXPECT_EQ(restored.apply(*again), replies[place]);
  }
  EXPECT_EQ(machine.digest(), digest);
  EXPECT_EQ(restored.digest(), digest);
}

TEST(StateMachine, a_transaction_that_only_reads_needs_no_entry) {
  StateMachine machine;
  apply(machine, {1, 1, Operation::write, "a", "1", {}});
  apply(machine, {1, 2, Operation::push, "b", "2", {}});
  const auto reply =
      machine.read({2,
                    7,
                    Operation::txn,
                    "",
                    "",
                    {},
                    0,
                    {{0, 0, Operation::read, "a", "", {}}, {0, 0, Operation::read, "b", "", {}}}});
  EXPECT_EQ(reply.request, 7u);
  EXPECT_EQ(reply.value, (client_protocol::Values{"1", client_protocol::Values{"2"}}));
}

TEST(Sessions, too_many_clients_are_forgotten_from_the_lowest_and_then_refused) {
  Sessions sessions(2);
  for (std::uint64_t client : {10, 20, 30}) {
    EXPECT_FALSE(sessions.is_expired(client, 1));
    Reply reply;
    reply.request = 1;
    sessions.remember(client, reply);
  }
  EXPECT_EQ(sessions.find(10, 1), nullptr);
  EXPECT_TRUE(sessions.is_expired(10, 1));
  EXPECT_TRUE(sessions.is_expired(5, 1));
  EXPECT_NE(sessions.find(20, 1), nullptr);
  EXPECT_FALSE(sessions.is_expired(11, 1));
}

}  // namespace
}  // namespace sunder
