#include "harness/driver/raft/client.h"

#include <gtest/gtest.h>

#include "harness/driver/raft/operation.h"

namespace sunder::harness {
namespace {

using client_protocol::Reply;
using client_protocol::Status;
using history::EventType;
using workloads::Call;

const Call read{"read", "k1", {}};
const Call write{"write", "k1", 7};
const Call cas{"cas", "k1", history::List{3, 7}};

Reply reply(Status status) {
  return {1, status, std::string("7"), {}, "why"};
}

TEST(RaftClient, says_ok_only_for_ok) {
  EXPECT_EQ(classify(read, reply(Status::ok))->type, EventType::ok);
  EXPECT_EQ(classify(read, reply(Status::ok))->value, history::Value(7));
  EXPECT_EQ(classify(write, reply(Status::ok))->type, EventType::ok);
  EXPECT_EQ(classify(cas, reply(Status::ok))->value, cas.value);
}

TEST(RaftClient, reads_an_absent_key_as_nil) {
  EXPECT_TRUE(classify(read, {1, Status::ok, {}, {}, {}})->value.is_nil());
}

TEST(RaftClient, says_which_entry_was_applied_and_what_a_refused_cas_found) {
  auto found = reply(Status::mismatch);
  found.index = Index{12};
  found.term = Term{3};
  found.command = 0xabcd;
  const history::Answer refused{{}, history::Value(7), 12, 3, 0xabcd};
  EXPECT_EQ(classify(cas, found)->answer, refused);
  found.value = {};
  EXPECT_EQ(classify(cas, found)->answer->found, history::Value());
  found.status = Status::ok;
  EXPECT_FALSE(classify(write, found)->answer->found);
  EXPECT_EQ(classify(write, found)->answer->command, 0xabcdU);
}

TEST(RaftClient, says_fail_only_for_what_certainly_did_not_happen) {
  EXPECT_EQ(classify(cas, reply(Status::mismatch))->type, EventType::fail);
  EXPECT_EQ(classify(write, reply(Status::bad_request))->type, EventType::fail);
  EXPECT_EQ(classify(read, reply(Status::session_expired))->type, EventType::fail);
  EXPECT_EQ(classify(write, reply(Status::session_expired))->type, EventType::info);
}

TEST(RaftClient, says_what_a_refused_operation_found) {
  using workloads::Kind;
  const Call dequeue{"dequeue", "q", {}, Kind::queue};
  const Call acquire{"acquire", "l", "c1", Kind::lock};
  const Call release{"release", "l", "c1", Kind::lock};
  const auto empty = classify(dequeue, {1, Status::empty, {}, {}, {}});
  EXPECT_EQ(empty->type, EventType::fail);
  EXPECT_EQ(empty->error, "empty");
  EXPECT_EQ(empty->answer->found, history::Value());
  const auto held = classify(acquire, {1, Status::held, "c2", {}, {}});
  EXPECT_EQ(held->type, EventType::fail);
  EXPECT_EQ(held->answer->found, history::Value("c2"));
  const auto free = classify(release, {1, Status::not_held, {}, {}, {}});
  EXPECT_EQ(free->type, EventType::fail);
  EXPECT_EQ(free->answer->found, history::Value());
  const Call add{"add", "s", 1, Kind::set};
  EXPECT_EQ(classify(add, reply(Status::wrong_type))->type, EventType::fail);
  EXPECT_EQ(classify(add, reply(Status::wrong_type))->answer->found, std::nullopt);
}

TEST(RaftClient, takes_a_dequeue_for_no_read_and_a_transaction_of_reads_for_one) {
  using workloads::Kind;
  const Call dequeue{"dequeue", "q", {}, Kind::queue};
  const Call reads{"txn", "", history::List{history::List{"r", 1, {}}}, Kind::transaction};
  const Call writes{"txn", "", history::List{history::List{"w", 1, 2}}, Kind::transaction};
  EXPECT_EQ(classify(dequeue, reply(Status::session_expired))->type, EventType::info);
  EXPECT_EQ(classify(reads, reply(Status::session_expired))->type, EventType::fail);
  EXPECT_EQ(classify(writes, reply(Status::session_expired))->type, EventType::info);
}

TEST(RaftClient, refuses_to_open_accounts_if_one_of_them_exists) {
  using workloads::Kind;
  const Call open{"open", "", history::Object{{"a1", 5}}, Kind::accounts};
  const Call transfer{"transfer", "", history::Object{{"from", "a1"}}, Kind::accounts};
  auto refusal = reply(Status::mismatch);
  refusal.at = 0;
  EXPECT_EQ(classify(open, refusal)->type, EventType::fail);
  EXPECT_EQ(classify(open, refusal)->error, "the accounts exist");
  EXPECT_EQ(classify(open, refusal)->answer->found, std::nullopt);
  EXPECT_EQ(classify(transfer, refusal)->type, EventType::fail);
  EXPECT_EQ(classify(transfer, refusal)->error, "conflict");
  EXPECT_EQ(classify(transfer, refusal)->answer->found, std::nullopt);
}

TEST(RaftClient, a_reply_without_an_answer_to_each_step_is_none) {
  const Call call{"txn", "", history::List{history::List{"r", "x", {}}},
                  workloads::Kind::transaction};
  EXPECT_THROW(classify(call, Reply()), UnexpectedReply);
}

TEST(RaftClient, tries_again_while_the_answer_is_open) {
  EXPECT_FALSE(classify(write, reply(Status::unknown)));
  EXPECT_FALSE(classify(write, reply(Status::not_leader)));
  EXPECT_FALSE(classify(read, reply(Status::not_leader)));
}

}  // namespace
}  // namespace sunder::harness
