// What a ZooKeeper client makes of a server that falls silent, breaks off, or answers something
// else.

#include <gtest/gtest.h>

#include "harness/driver/scripted_server_test.h"
#include "harness/driver/zookeeper/client.h"
#include "harness/driver/zookeeper/jute.h"

namespace sunder::harness::zookeeper {
namespace {

using history::EventType;
using workloads::Call;

struct ZooKeeperConversationTest : ScriptedServer {
  const Call read{"read", "x", {}};
  const Call write{"write", "x", 2};
  std::unique_ptr<Client> client = make_client(io, {address()}, 0, Sync::none);

  // Without its length.
  boost::asio::awaitable<std::string> hear_message() {
    const auto size = co_await hear(4);
    const auto length = static_cast<std::size_t>(Decoder(size).i32());
    co_return co_await hear(length);
  }
  // The id of the next request.
  boost::asio::awaitable<int> hear_request() {
    const auto message = co_await hear_message();
    co_return Decoder(message).i32();
  }
  Script accept_session() {
    co_await accept();
    co_await hear_message();
    const std::string password(16, '\0');
    Encoder welcome;
    welcome.i32(0).i32(30000).i64(7).text(password);
    co_await say(welcome.message());
  }

  // With the value 17, for whoever reads it.
  static std::string answer_to(int id, int error = 0) {
    Encoder answer;
    answer.i32(id).i64(1).i32(error).text("17");
    // The times and numbers of a node, of which the version is the fifth.
    for (int number = 0; number < 4; ++number) answer.i64(0);
    answer.i32(3);
    return answer.message();
  }
  Script accept_and_answer() {
    co_await accept_session();
    const auto id = co_await hear_request();
    co_await say(answer_to(id));
  }
};

TEST_F(ZooKeeperConversationTest, silence_ends_with_the_time_and_leaves_a_write_unknown) {
  const auto fall_silent = [this]() -> Script {
    co_await accept_session();
    co_await hear_request();
  };
  EXPECT_EQ(invoke(*client, write, fall_silent(), short_patience).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, fall_silent(), short_patience).type, EventType::fail);
}

TEST_F(ZooKeeperConversationTest, without_a_session_nothing_was_asked_for) {
  const auto let_wait = [this]() -> Script {
    co_await accept();
    co_await hear_message();
  };
  EXPECT_EQ(invoke(*client, write, let_wait(), short_patience).type, EventType::fail);
  const auto refuse_once = [this]() -> Script {
    co_await accept();
    co_await hear_message();
    hang_up();
    co_await accept_and_answer();
  };
  EXPECT_EQ(invoke(*client, write, refuse_once()).type, EventType::ok);
}

TEST_F(ZooKeeperConversationTest, half_an_answer_is_none) {
  const auto break_off = [this]() -> Script {
    co_await accept_session();
    const auto id = co_await hear_request();
    const auto answer = answer_to(id);
    co_await say(answer.substr(0, answer.size() - 1));
    hang_up();
  };
  EXPECT_EQ(invoke(*client, write, break_off()).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, break_off()).type, EventType::fail);
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
}

TEST_F(ZooKeeperConversationTest,
       a_server_that_restarts_in_mid_request_is_dialed_again_with_the_next) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
  const auto restart = [this]() -> Script {
    co_await hear_request();
    hang_up();
  };
  EXPECT_EQ(invoke(*client, write, restart()).type, EventType::info);
  const auto answered = invoke(*client, read, accept_and_answer());
  EXPECT_EQ(answered.type, EventType::ok);
  EXPECT_EQ(answered.value, history::Value(17));
}

TEST_F(ZooKeeperConversationTest, a_server_that_died_between_two_calls_leaves_the_second_unknown) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
  hang_up();
  EXPECT_EQ(invoke(*client, write, silence()).type, EventType::info);
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
}

// A session answers in the order it was asked in.
TEST_F(ZooKeeperConversationTest, an_answer_to_another_request_ends_the_session) {
  const auto answer_another = [this]() -> Script {
    co_await accept_session();
    const auto id = co_await hear_request();
    co_await say(answer_to(id + 1));
    co_await say(answer_to(id));
  };
  EXPECT_EQ(invoke(*client, write, answer_another()).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, accept_and_answer()).value, history::Value(17));
}

TEST_F(ZooKeeperConversationTest, a_write_that_breaks_off_between_its_requests_is_unknown) {
  constexpr int no_node = -101;
  const auto break_off_at_the_creation = [this]() -> Script {
    co_await accept_session();
    const auto id = co_await hear_request();
    co_await say(answer_to(id, no_node));
    co_await hear_request();
    hang_up();
  };
  EXPECT_EQ(invoke(*client, write, break_off_at_the_creation()).type, EventType::info);
}

TEST_F(ZooKeeperConversationTest, an_answer_of_no_possible_length_leaves_a_write_unknown) {
  const auto babble = [this]() -> Script {
    co_await accept_session();
    co_await hear_request();
    co_await say("HTTP/1.1 400 Bad Request\r\n\r\n");
  };
  EXPECT_EQ(invoke(*client, write, babble()).type, EventType::info);
}

TEST_F(ZooKeeperConversationTest, what_nobody_took_certainly_did_not_happen) {
  door.close();
  EXPECT_EQ(invoke(*client, write, silence(), short_patience).type, EventType::fail);
}

}  // namespace
}  // namespace sunder::harness::zookeeper
