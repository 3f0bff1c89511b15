// What an ovsdb client makes of a server that falls silent, breaks off, or answers something else.

#include <gtest/gtest.h>

#include "harness/driver/ovsdb/client.h"
#include "harness/driver/scripted_server_test.h"

namespace sunder::harness::ovsdb {
namespace {

using history::EventType;
using workloads::Call;

struct OvsdbConversationTest : ScriptedServer {
  const Call read{"read", "x", {}};
  const Call write{"write", "x", 2};
  std::unique_ptr<Client> client = make_client(io, {address()}, 0, Reads::local);

  // The next request, as soon as it is whole.
  boost::asio::awaitable<nlohmann::json> hear_request() {
    std::optional<nlohmann::json> request;
    std::string buffer;
    while (!request) {
      buffer += co_await hear(1);
      request = take_object(buffer);
    }
    co_return *request;
  }

  static std::string answer_to(const nlohmann::json& id) {
    nlohmann::json answer{{"error", nullptr}, {"id", id}};
    answer["result"] = nlohmann::json::parse(R"([{"rows":[{"val":17}]}])");
    return answer.dump();
  }

  Script accept_and_answer() {
    co_await accept();
    const auto request = co_await hear_request();
    co_await say(answer_to(request["id"]));
  }
};

TEST_F(OvsdbConversationTest, silence_ends_with_the_time_and_leaves_a_write_unknown) {
  const auto fall_silent = [this]() -> Script {
    co_await accept();
    co_await hear_request();
  };
  EXPECT_EQ(invoke(*client, write, fall_silent(), short_patience).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, fall_silent(), short_patience).type, EventType::fail);
}

TEST_F(OvsdbConversationTest, half_an_answer_is_none) {
  const auto break_off = [this]() -> Script {
    co_await accept();
    const auto request = co_await hear_request();
    const auto answer = answer_to(request["id"]);
    co_await say(answer.substr(0, answer.size() - 1));
    hang_up();
  };
  EXPECT_EQ(invoke(*client, write, break_off()).type, EventType::info);
  EXPECT_EQ(invoke(*client, read, break_off()).type, EventType::fail);
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
}

TEST_F(OvsdbConversationTest, a_server_that_restarts_in_mid_request_is_dialed_again_with_the_next) {
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

TEST_F(OvsdbConversationTest, a_server_that_died_between_two_calls_leaves_the_second_unknown) {
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
  hang_up();
  EXPECT_EQ(invoke(*client, write, silence()).type, EventType::info);
  EXPECT_EQ(invoke(*client, write, accept_and_answer()).type, EventType::ok);
}

TEST_F(OvsdbConversationTest, answers_to_other_requests_are_passed_over) {
  const auto answer_others_first = [this]() -> Script {
    co_await accept();
    const auto request = co_await hear_request();
    co_await say(answer_to(request["id"].get<int>() + 1));
    co_await say(answer_to(nullptr));
    co_await say(answer_to(request["id"]));
  };
  EXPECT_EQ(invoke(*client, write, answer_others_first()).type, EventType::ok);
  const auto answer_only_another = [this]() -> Script {
    const auto request = co_await hear_request();
    co_await say(answer_to(request["id"].get<int>() - 1));
  };
  EXPECT_EQ(invoke(*client, write, answer_only_another(), short_patience).type, EventType::info);
}

TEST_F(OvsdbConversationTest, a_question_of_the_servers_is_answered_on_the_way) {
  const auto ask_back = [this]() -> Script {
    co_await accept();
    const auto request = co_await hear_request();
    co_await say(R"({"method":"echo","id":"alive?","params":[1]})");
    const auto reply = co_await hear_request();
    EXPECT_EQ(reply["id"], "alive?");
    EXPECT_EQ(reply["result"], nlohmann::json::array({1}));
    co_await say(answer_to(request["id"]));
  };
  EXPECT_EQ(invoke(*client, write, ask_back()).type, EventType::ok);
}

TEST_F(OvsdbConversationTest, what_is_no_json_leaves_a_write_unknown) {
  const auto babble = [this]() -> Script {
    co_await accept();
    co_await hear_request();
    co_await say("HTTP/1.1 400 Bad Request\r\n\r\n");
  };
  EXPECT_EQ(invoke(*client, write, babble()).type, EventType::info);
}

TEST_F(OvsdbConversationTest, what_nobody_took_certainly_did_not_happen) {
  door.close();
  EXPECT_EQ(invoke(*client, write, silence(), short_patience).type, EventType::fail);
}

}  // namespace
}  // namespace sunder::harness::ovsdb
