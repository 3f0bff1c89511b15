// What a Redis client makes of a server that falls silent, breaks off, or answers something else.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/driver/client_stories_test.h"
#include "harness/driver/redis/client.h"
#include "harness/driver/redis/command.h"

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
  /// By a client whose server did not hang up yet.
  workloads::Completion asked(const Call& call, Script script) {
    const auto fresh = make_client(io, {address()}, 0);
    return invoke(*fresh, call, std::move(script));
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

// A dequeue that was taken is not tried again, and half a list is no answer.
TEST_F(RedisConversationTest, what_was_dequeued_without_an_answer_is_unknown) {
  const Call take{"dequeue", "x", {}, workloads::Kind::queue};
  const auto serve = [this](std::string reply) -> Script {
    const std::string command = "*2\r\n$4\r\nLPOP\r\n$1\r\nx\r\n";
    co_await accept();
    const auto said = co_await hear(command.size());
    EXPECT_EQ(said, command);
    co_await say(reply);
    hang_up();
  };
  EXPECT_EQ(asked(take, serve("$1\r\n8\r\n")).value, history::Value(8));
  EXPECT_EQ(asked(take, serve("$1\r\n8")).type, EventType::info);
  EXPECT_EQ(asked(take, serve("$-1\r\n")).error, "empty");
}

TEST_F(RedisConversationTest, half_a_list_is_no_answer) {
  const Call read_list{"read", "x", {}, workloads::Kind::list};
  const auto serve = [this, &read_list](std::string reply) -> Script {
    std::string command;
    const auto words = command_of(read_list);
    for (const auto& word : words) command += fmt::format("${}\r\n{}\r\n", word.size(), word);
    command = fmt::format("*{}\r\n{}", words.size(), command);
    co_await accept();
    const auto said = co_await hear(command.size());
    EXPECT_EQ(said, command);
    co_await say(reply);
    hang_up();
  };
  const std::string whole = "*2\r\n$1\r\n1\r\n$1\r\n2\r\n";
  EXPECT_EQ(to_json(asked(read_list, serve(whole)).value), "[1,2]");
  EXPECT_EQ(asked(read_list, serve(whole.substr(0, 14))).type, EventType::fail);
}

TEST_F(RedisConversationTest, what_is_no_reply_leaves_a_write_unknown) {
  EXPECT_EQ(outcome(write, answer_with("HTTP/1.1 400\r\n")), EventType::info);
}

}  // namespace
}  // namespace sunder::harness::redis
