#include "harness/driver/etcd/client.h"

#include <string>

#include <gtest/gtest.h>

#include "harness/driver/etcd/status.h"

namespace sunder::harness::etcd {
namespace {

using history::EventType;
using workloads::Call;
using workloads::Completion;

const Call read{"read", "x", {}};
const Call write{"write", "x", 2};
const Call cas{"cas", "x", history::List{1, 2}};
const std::string header = R"("header":{"cluster_id":"1","member_id":"2","raft_term":"3"})";

HttpAttempt answered(unsigned status, const std::string& body) {
  return {HttpReply{status, body}, true};
}

Completion outcome(const Call& call, const HttpAttempt& attempt) {
  return classify(call, attempt).value();
}

TEST(EtcdClient, reads_what_is_stored) {
  const auto found =
      outcome(read, answered(200, "{" + header + R"(,"kvs":[{"key":"eA==","value":"MTc="}]})"));
  EXPECT_EQ(found.type, EventType::ok);
  EXPECT_EQ(found.value, history::Value(17));
  const auto absent = outcome(read, answered(200, "{" + header + "}"));
  EXPECT_EQ(absent.type, EventType::ok);
  EXPECT_TRUE(absent.value.is_nil());
}

TEST(EtcdClient, a_comparison_that_fails_is_definite) {
  EXPECT_EQ(outcome(cas, answered(200, "{" + header + R"(,"succeeded":true})")).type,
            EventType::ok);
  const auto silent = outcome(cas, answered(200, "{" + header + "}"));
  EXPECT_EQ(silent.type, EventType::fail);
  EXPECT_FALSE(silent.answer.has_value());
}

TEST(EtcdClient, a_comparison_that_fails_tells_what_was_found) {
  const auto refused = [](const std::string& range) {
    return outcome(
        cas, answered(200, "{" + header + R"(,"responses":[{"response_range":{)" + range + "}}]}"));
  };
  EXPECT_EQ(refused(R"("kvs":[{"key":"eA==","value":"MTc="}])").type, EventType::fail);
  EXPECT_EQ(refused(R"("kvs":[{"key":"eA==","value":"MTc="}])").answer->found, history::Value(17));
  EXPECT_EQ(refused("").answer->found, history::Value());
}

TEST(EtcdClient, a_command_that_may_have_been_taken_is_unknown_and_a_read_is_not) {
  const HttpAttempt silence{{}, true};
  for (const auto& attempt :
       {silence, answered(503, R"({"message":"etcdserver: request timed out","code":14})"),
        answered(500, "<html>"), answered(200, "{}"), answered(200, "nonsense"),
        answered(200, R"({"header":{"member_id":"1"},"kvs":[{"value":"?"}],"succeeded":3})")}) {
    EXPECT_EQ(outcome(cas, attempt).type, EventType::info);
    EXPECT_EQ(outcome(read, attempt).type, EventType::fail);
  }
}

TEST(EtcdClient, what_was_refused_or_never_left_did_not_happen) {
  EXPECT_EQ(outcome(write, answered(400, R"({"message":"bad"})")).type, EventType::fail);
  EXPECT_FALSE(classify(write, {{}, false}));
  EXPECT_FALSE(classify(read, {{}, false}));
}

TEST(EtcdStatus, role_and_term_are_those_of_the_raft_part) {
  const auto leader = parse_status(R"({"raft.status":{"raftState":"StateLeader","term":7}})");
  ASSERT_TRUE(leader);
  EXPECT_EQ(leader->role, NodeStatus::Role::leader);
  EXPECT_EQ(leader->term, 7U);
  EXPECT_FALSE(parse_status(R"({"raft.status":null})"));
  EXPECT_FALSE(parse_status("{}"));
  EXPECT_FALSE(parse_status("starting"));
}

}  // namespace
}  // namespace sunder::harness::etcd
