// What an etcd client makes of a server that falls silent, breaks off, or answers something else.

#include <gtest/gtest.h>

#include "harness/driver/client_stories_test.h"
#include "harness/driver/etcd/client.h"

namespace sunder::harness::etcd {
namespace {

using history::EventType;
using workloads::Call;

struct EtcdServer : ScriptedServer {
  std::unique_ptr<Client> client = make_client(io, {address()}, 0, Manner());

  Script welcome() { return accept(); }

  static std::string answer_with(unsigned status, const std::string& body) {
    return fmt::format("HTTP/1.1 {} because\r\nContent-Length: {}\r\n\r\n{}", status, body.size(),
                       body);
  }

  boost::asio::awaitable<std::string> hear_request(Call call) {
    const std::string length = "Content-Length: ";
    std::string head;
    while (!head.ends_with("\r\n\r\n")) head += co_await hear(1);
    const auto stated = head.find(length);
    EXPECT_NE(stated, std::string::npos) << head;
    const auto size = std::stoul(head.substr(stated + length.size()));
    co_await hear(size);
    co_return answer_with(
        200, call.f == "read"
                 ? R"({"header":{"member_id":"1"},"kvs":[{"key":"eA==","value":"MTc="}]})"
                 : R"({"header":{"member_id":"1"}})");
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Etcd, ClientStories, EtcdServer);

struct EtcdConversationTest : ClientStories<EtcdServer> {
  Script say_instead(std::string bytes) {
    co_await accept();
    co_await hear_request(write);
    co_await say(bytes);
  }
};

TEST_F(EtcdConversationTest, a_write_whose_proposal_timed_out_is_unknown) {
  EXPECT_EQ(outcome(write, say_instead(answer_with(503, R"({"error":"timed out"})"))),
            EventType::info);
}

struct EtcdGuardedWrite : EtcdConversationTest {
  const Call append{"append", "x", 2, workloads::Kind::list};
  const std::string seen = R"({"header":{"member_id":"1"},"responses":[{"response_range":{"kvs":[)"
                           R"({"key":"eA==","value":"WyIxIl0=","mod_revision":"5"}]}}]})";
  const std::string done = R"({"header":{"member_id":"1","revision":"6"},"succeeded":true})";
  const std::string conflict = R"({"header":{"member_id":"1","revision":"6"}})";

  /// Answers one request after the other, then hangs up.
  Script answer_each(std::vector<std::string> bodies) {
    co_await accept();
    for (const auto& body : bodies) {
      co_await hear_request(append);
      co_await say(answer_with(200, body));
    }
    co_await hear_request(append);
    hang_up();
  }
  Script answer_all(std::vector<std::string> bodies) {
    co_await accept();
    for (const auto& body : bodies) {
      co_await hear_request(append);
      co_await say(answer_with(200, body));
    }
  }
};

TEST_F(EtcdGuardedWrite, is_tried_again_if_the_keys_changed_meanwhile) {
  const auto answered = invoke(*client, append, answer_all({seen, conflict, seen, done}));
  EXPECT_EQ(answered.type, EventType::ok);
  EXPECT_EQ(answered.value, history::Value(2));
  EXPECT_EQ(answered.answer->revision, 6);
}

TEST_F(EtcdGuardedWrite, that_only_looked_certainly_did_not_happen) {
  EXPECT_EQ(invoke(*client, append, answer_each({})).type, EventType::fail);
  EXPECT_EQ(invoke(*client, append, answer_each({seen, conflict})).type, EventType::fail);
}

TEST_F(EtcdGuardedWrite, without_an_answer_to_the_change_is_unknown) {
  EXPECT_EQ(invoke(*client, append, answer_each({seen})).type, EventType::info);
}

TEST_F(EtcdConversationTest, what_is_no_http_leaves_a_write_unknown) {
  EXPECT_EQ(outcome(write, say_instead("-ERR unknown command\r\n\r\n")), EventType::info);
}

}  // namespace
}  // namespace sunder::harness::etcd
