#include "harness/driver/raft/client.h"

#include <gtest/gtest.h>

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
  found.value.reset();
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

TEST(RaftClient, tries_again_while_the_answer_is_open) {
  EXPECT_FALSE(classify(write, reply(Status::unknown)));
  EXPECT_FALSE(classify(write, reply(Status::not_leader)));
  EXPECT_FALSE(classify(read, reply(Status::not_leader)));
}

}  // namespace
}  // namespace sunder::harness
