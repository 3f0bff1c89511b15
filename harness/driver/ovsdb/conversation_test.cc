// What an ovsdb client makes of a server that falls silent, breaks off, or answers something else.

#include <gtest/gtest.h>

#include "harness/driver/client_stories_test.h"
#include "harness/driver/ovsdb/client.h"

namespace sunder::harness::ovsdb {
namespace {

using history::EventType;
using workloads::Call;

struct OvsdbServer : ScriptedServer {
  std::unique_ptr<Client> client = make_client(io, {address()}, 0, Reads::local);

  Script welcome() { return accept(); }

  // The next one, as soon as it is whole.
  boost::asio::awaitable<nlohmann::json> hear_object() {
    std::optional<nlohmann::json> object;
    std::string buffer;
    while (!object) {
      buffer += co_await hear(1);
      object = take_object(buffer);
    }
    co_return *object;
  }

  static std::string answer_to(const nlohmann::json& id) {
    nlohmann::json answer{{"error", nullptr}, {"id", id}};
    answer["result"] = nlohmann::json::parse(R"([{"rows":[{"val":"17"}]}])");
    return answer.dump();
  }

  boost::asio::awaitable<std::string> hear_request(Call /*call*/) {
    const auto request = co_await hear_object();
    co_return answer_to(request["id"]);
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ovsdb, ClientStories, OvsdbServer);

using OvsdbConversationTest = ClientStories<OvsdbServer>;

TEST_F(OvsdbConversationTest, answers_to_other_requests_are_passed_over) {
  const auto answer_others_first = [this]() -> Script {
    co_await accept();
    const auto request = co_await hear_object();
    co_await say(answer_to(request["id"].get<int>() + 1));
    co_await say(answer_to(nullptr));
    co_await say(answer_to(request["id"]));
  };
  EXPECT_EQ(outcome(write, answer_others_first()), EventType::ok);
  const auto answer_only_another = [this]() -> Script {
    const auto request = co_await hear_object();
    co_await say(answer_to(request["id"].get<int>() - 1));
  };
  EXPECT_EQ(outcome(write, answer_only_another(), short_patience), EventType::info);
}

TEST_F(OvsdbConversationTest, a_question_of_the_servers_is_answered_on_the_way) {
  const auto ask_back = [this]() -> Script {
    co_await accept();
    const auto request = co_await hear_object();
    co_await say(R"({"method":"echo","id":"alive?","params":[1]})");
    const auto reply = co_await hear_object();
    EXPECT_EQ(reply["id"], "alive?");
    EXPECT_EQ(reply["result"], nlohmann::json::array({1}));
    co_await say(answer_to(request["id"]));
  };
  EXPECT_EQ(outcome(write, ask_back()), EventType::ok);
}

TEST_F(OvsdbConversationTest, what_is_no_json_leaves_a_write_unknown) {
  const auto babble = [this]() -> Script {
    co_await accept();
    co_await hear_object();
    co_await say("HTTP/1.1 400 Bad Request\r\n\r\n");
  };
  EXPECT_EQ(outcome(write, babble()), EventType::info);
}

}  // namespace
}  // namespace sunder::harness::ovsdb
