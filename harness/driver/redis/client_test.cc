#include "harness/driver/redis/client.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace sunder::harness::redis {
namespace {

using history::EventType;
using workloads::Call;
using Kind = Reply::Kind;

const Call read{"read", "x", {}};
const Call write{"write", "x", 2};
const Call cas{"cas", "x", history::List{1, 2}};

EventType outcome(const Call& call, Kind kind, const std::string& text) {
  return classify(call, {Reply{kind, text}, true}).value().type;
}

TEST(RedisClient, replies_are_taken_one_by_one_once_they_are_whole) {
  std::string received = "+OK\r\n$2\r\n17\r\n$-1\r\n:1\r\n-READONLY no\r\n$5\r\nab";
  EXPECT_EQ(take_reply(received)->text, "OK");
  EXPECT_EQ(take_reply(received)->text, "17");
  EXPECT_EQ(take_reply(received)->kind, Kind::nothing);
  EXPECT_EQ(take_reply(received)->kind, Kind::integer);
  EXPECT_EQ(take_reply(received)->kind, Kind::error);
  EXPECT_FALSE(take_reply(received));
  received += "cde\r\n";
  EXPECT_EQ(take_reply(received)->text, "abcde");
  EXPECT_FALSE(take_reply(received));
  received = "HTTP/1.1\r\n";
  EXPECT_THROW(take_reply(received), std::invalid_argument);
}

TEST(RedisClient, a_replica_that_refuses_has_done_nothing) {
  for (const auto& call : {read, write, cas}) {
    EXPECT_FALSE(classify(call, {Reply{Kind::error, "READONLY You can't write"}, true}));
    EXPECT_FALSE(classify(call, {{}, false}));
  }
}

TEST(RedisClient, answers_are_taken_at_their_word) {
  EXPECT_EQ(outcome(read, Kind::text, "17"), EventType::ok);
  EXPECT_EQ(outcome(read, Kind::nothing, ""), EventType::ok);
  EXPECT_EQ(outcome(write, Kind::text, "OK"), EventType::ok);
  EXPECT_EQ(outcome(cas, Kind::integer, "1"), EventType::ok);
}

TEST(RedisClient, a_refused_cas_tells_what_it_found) {
  const auto refused = classify(cas, {Reply{Kind::text, "17"}, true});
  EXPECT_EQ(refused->type, EventType::fail);
  EXPECT_EQ(refused->answer->found, history::Value(17));
  EXPECT_EQ(classify(cas, {Reply{}, true})->answer->found, history::Value());
}

TEST(RedisClient, anything_else_leaves_a_command_unknown) {
  for (const auto& reply : {Reply{Kind::error, "ERR"}, Reply{Kind::text, "17"}, Reply{}}) {
    EXPECT_EQ(classify(write, {reply, true})->type, EventType::info);
  }
  for (const auto& reply : {Reply{Kind::error, "ERR"}, Reply{Kind::integer, "0"}}) {
    EXPECT_EQ(classify(cas, {reply, true})->type, EventType::info);
  }
  EXPECT_EQ(classify(write, {{}, true})->type, EventType::info);
  EXPECT_EQ(classify(read, {{}, true})->type, EventType::fail);
}

}  // namespace
}  // namespace sunder::harness::redis
