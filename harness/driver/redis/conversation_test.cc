// What a Redis client makes of a server that falls silent, breaks off, or answers something else.

#include <gtest/gtest.h>

#include "harness/driver/redis/client.h"
#include "harness/driver/scripted_server_test.h"

namespace sunder::harness::redis {
namespace {

using history::EventType;
using workloads::Call;

struct RedisConversationTest : ScriptedServer {
  const Call read{"read", "x", {}};
  const Call write{"write", "x", 2};
  const std::string get = "*2\r\n$5\r\nGETEX\r\n$1\r\nx\r\n";
  const std::string set = "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$1\r\n2\r\n";
  std::unique_ptr<Client> client = make_client(io, {address()}, 0);

  // Goes on once the whole of this command was heard.
  Script expect(std::string command) {
    const auto said = co_await hear(command.size());
    EXPECT_EQ(said, command);
  }
  Script accept_and_answer(std::string command, std::string reply) {
    co_await accept();
    co_await expect(command);
    co_await say(reply);
  }
};

TEST_F(RedisConversationTest, silence_ends_with_the_time_and_leaves_a_write_unknown) {
  const auto fall_silent = [this](std::string command) -> Script {
    co_await accept();
    co_await expect(command);
  };
  EXPECT_EQ(invoke(*client, write, fall_silent(set), short_patience).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, fall_silent(get), short_patience).type, EventType::fail);
}

TEST_F(RedisConversationTest, half_a_reply_is_none) {
  const auto break_off = [this](std::string command, std::string half) -> Script {
    co_await accept();
    co_await expect(command);
    co_await say(half);
    hang_up();
  };
  EXPECT_EQ(invoke(*client, write, break_off(set, "+OK\r")).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, break_off(get, "$2\r\n17\r")).type, EventType::fail);
  EXPECT_EQ(invoke(*client, write, accept_and_answer(set, "+OK\r\n")).type, EventType::ok);
}

TEST_F(RedisConversationTest, a_server_that_restarts_in_mid_command_is_dialed_again_with_the_next) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer(set, "+OK\r\n")).type, EventType::ok);
  const auto restart = [this]() -> Script {
    co_await expect(set);
    hang_up();
  };
  EXPECT_EQ(invoke(*client, write, restart()).type, EventType::info);
  const auto answered = invoke(*client, read, accept_and_answer(get, "$2\r\n17\r\n"));
  EXPECT_EQ(answered.type, EventType::ok);
  EXPECT_EQ(answered.value, history::Value(17));
}

TEST_F(RedisConversationTest, a_server_that_died_between_two_calls_leaves_the_second_unknown) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer(set, "+OK\r\n")).type, EventType::ok);
  hang_up();
  EXPECT_EQ(invoke(*client, write, silence()).type, EventType::info);
  EXPECT_EQ(invoke(*client, write, accept_and_answer(set, "+OK\r\n")).type, EventType::ok);
}

// Replies have no names: one too many would answer every command after it.
TEST_F(RedisConversationTest, a_reply_too_many_answers_nothing) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer(set, "+OK\r\n$1\r\n8\r\n")).type,
            EventType::ok);
  const auto answered = invoke(*client, read, accept_and_answer(get, "$2\r\n17\r\n"));
  EXPECT_EQ(answered.value, history::Value(17));
}

TEST_F(RedisConversationTest, a_replica_that_refuses_is_asked_again_and_nothing_is_unknown) {
  const auto become_master = [this]() -> Script {
    co_await accept();
    co_await expect(set);
    co_await say("-READONLY You can't write against a read only replica.\r\n");
    co_await expect(set);
    co_await say("+OK\r\n");
  };
  EXPECT_EQ(invoke(*client, write, become_master()).type, EventType::ok);
}

TEST_F(RedisConversationTest, what_is_no_reply_leaves_a_write_unknown) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer(set, "HTTP/1.1 400\r\n")).type,
            EventType::info);
}

TEST_F(RedisConversationTest, what_nobody_took_certainly_did_not_happen) {
  door.close();
  EXPECT_EQ(invoke(*client, write, silence(), short_patience).type, EventType::fail);
}

}  // namespace
}  // namespace sunder::harness::redis
