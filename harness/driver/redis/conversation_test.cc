// What a Redis client makes of a server that falls silent, breaks off, or answers something else.

#include <gtest/gtest.h>

#include "harness/driver/client_stories_test.h"
#include "harness/driver/redis/client.h"

namespace sunder::harness::redis {
namespace {

using history::EventType;
using workloads::Call;

struct RedisServer : ScriptedServer {
  const std::string get = "*2\r\n$5\r\nGETEX\r\n$1\r\nx\r\n";
  const std::string set = "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$1\r\n2\r\n";
  std::unique_ptr<Client> client = make_client(io, {address()}, 0);

  Script welcome() { return accept(); }

  boost::asio::awaitable<std::string> hear_request(Call call) {
    const auto command = call.f == "read" ? get : set;
    const auto said = co_await hear(command.size());
    EXPECT_EQ(said, command);
    co_return call.f == "read" ? "$2\r\n17\r\n" : "+OK\r\n";
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Redis, ClientStories, RedisServer);

struct RedisConversationTest : ClientStories<RedisServer> {
  Script answer_with(std::string reply) {
    co_await accept();
    co_await hear_request(write);
    co_await say(reply);
  }
};

// Replies have no names: one too many would answer every command after it.
TEST_F(RedisConversationTest, a_reply_too_many_answers_nothing) {
  EXPECT_EQ(outcome(write, answer_with("+OK\r\n$1\r\n8\r\n")), EventType::ok);
  EXPECT_EQ(invoke(*client, read, answer(read)).value, history::Value(17));
}

TEST_F(RedisConversationTest, a_replica_that_refuses_is_asked_again_and_nothing_is_unknown) {
  const auto become_master = [this]() -> Script {
    co_await answer_with("-READONLY You can't write against a read only replica.\r\n");
    co_await hear_request(write);
    co_await say("+OK\r\n");
  };
  EXPECT_EQ(outcome(write, become_master()), EventType::ok);
}

TEST_F(RedisConversationTest, what_is_no_reply_leaves_a_write_unknown) {
  EXPECT_EQ(outcome(write, answer_with("HTTP/1.1 400\r\n")), EventType::info);
}

}  // namespace
}  // namespace sunder::harness::redis
