// What a ZooKeeper client makes of a server that falls silent, breaks off, or answers something
// else.

#include <gtest/gtest.h>

#include "harness/driver/client_stories_test.h"
#include "harness/driver/zookeeper/client.h"
#include "harness/driver/zookeeper/jute.h"

namespace sunder::harness::zookeeper {
namespace {

using history::EventType;
using workloads::Call;

struct ZooKeeperServer : ScriptedServer {
  std::unique_ptr<Client> client = make_client(io, {address()}, 0, Sync::none);

  // Without its length.
  boost::asio::awaitable<std::string> hear_message() {
    const auto size = co_await hear(4);
    const auto length = static_cast<std::size_t>(Decoder(size).i32());
    co_return co_await hear(length);
  }
  // Of the next request.
  boost::asio::awaitable<int> hear_id() {
    const auto message = co_await hear_message();
    co_return Decoder(message).i32();
  }
  Script welcome() {
    co_await accept();
    co_await hear_message();
    const std::string password(16, '\0');
    Encoder greeting;
    greeting.i32(0).i32(30000).i64(7).text(password);
    co_await say(greeting.message());
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
  boost::asio::awaitable<std::string> hear_request(Call /*call*/) {
    const auto id = co_await hear_id();
    co_return answer_to(id);
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(ZooKeeper, ClientStories, ZooKeeperServer);

using ZooKeeperConversationTest = ClientStories<ZooKeeperServer>;

TEST_F(ZooKeeperConversationTest, without_a_session_nothing_was_asked_for) {
  const auto let_wait = [this]() -> Script {
    co_await accept();
    co_await hear_message();
  };
  EXPECT_EQ(outcome(write, let_wait(), short_patience), EventType::fail);
  const auto refuse_once = [this]() -> Script {
    co_await accept();
    co_await hear_message();
    hang_up();
    co_await answer(write);
  };
  EXPECT_EQ(outcome(write, refuse_once()), EventType::ok);
}

// A session answers in the order it was asked in.
TEST_F(ZooKeeperConversationTest, an_answer_to_another_request_ends_the_session) {
  const auto answer_another = [this]() -> Script {
    co_await welcome();
    const auto id = co_await hear_id();
    co_await say(answer_to(id + 1));
    co_await say(answer_to(id));
  };
  EXPECT_EQ(outcome(write, answer_another()), EventType::info);
  EXPECT_EQ(invoke(*client, read, answer(read)).value, history::Value(17));
}

TEST_F(ZooKeeperConversationTest, a_write_that_breaks_off_between_its_requests_is_unknown) {
  constexpr int no_node = -101;
  const auto break_off_at_the_creation = [this]() -> Script {
    co_await welcome();
    const auto id = co_await hear_id();
    co_await say(answer_to(id, no_node));
    co_await hear_id();
    hang_up();
  };
  EXPECT_EQ(outcome(write, break_off_at_the_creation()), EventType::info);
}

TEST_F(ZooKeeperConversationTest, an_answer_of_no_possible_length_leaves_a_write_unknown) {
  const auto babble = [this]() -> Script {
    co_await welcome();
    co_await hear_id();
    co_await say("HTTP/1.1 400 Bad Request\r\n\r\n");
  };
  EXPECT_EQ(outcome(write, babble()), EventType::info);
}

}  // namespace
}  // namespace sunder::harness::zookeeper
