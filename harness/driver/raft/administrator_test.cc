#include "harness/driver/raft/administrator.h"

#include <gtest/gtest.h>

namespace sunder::harness {
namespace {

using client_protocol::Status;
using Outcome = nemesis::Administrator::Outcome;

client_protocol::Reply reply_to_order(Status status) {
  return {1, status, {}, {}, "why"};
}

TEST(RaftAdministrator, says_refused_only_for_what_certainly_did_not_begin) {
  EXPECT_EQ(classify_order(reply_to_order(Status::ok))->outcome, Outcome::done);
  EXPECT_EQ(classify_order(reply_to_order(Status::bad_request))->outcome, Outcome::refused);
  EXPECT_EQ(classify_order(reply_to_order(Status::bad_request))->because, "why");
  EXPECT_EQ(classify_order(reply_to_order(Status::unknown))->outcome, Outcome::unknown);
}

TEST(RaftAdministrator, asks_another_node_when_this_one_does_not_lead) {
  EXPECT_FALSE(classify_order(reply_to_order(Status::not_leader)));
}

}  // namespace
}  // namespace sunder::harness
