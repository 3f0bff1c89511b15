// What an etcd client makes of a server that falls silent, breaks off, or answers something else.

#include <gtest/gtest.h>

#include "harness/driver/client_stories_test.h"
#include "harness/driver/etcd/client.h"

namespace sunder::harness::etcd {
namespace {

using history::EventType;
using workloads::Call;

struct EtcdServer : ScriptedServer {
  std::unique_ptr<Client> client = make_client(io, {address()}, 0, Reads::linearizable);

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

TEST_F(EtcdConversationTest, what_is_no_http_leaves_a_write_unknown) {
  EXPECT_EQ(outcome(write, say_instead("-ERR unknown command\r\n\r\n")), EventType::info);
}

}  // namespace
}  // namespace sunder::harness::etcd
