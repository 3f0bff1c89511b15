#include <optional>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/proxy.h"
#include "nemesis/network/proxy_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

TEST_F(ProxyTest, what_a_dialer_says_first_is_edited_once_it_is_whole) {
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  entrance = proxy->add_door(
      n2, any_port, node_2_endpoint, [](const auto&, const auto&) { return n1; },
      [](std::string_view so_far) -> std::optional<std::string> {
        if (so_far.find('.') == std::string_view::npos) return std::nullopt;
        return "edited" + std::string(so_far.substr(so_far.find('.')));
      });
  auto sender = dial();
  auto receiver = accept();
  sender->send("hel");
  receiver->send("answer");
  run_until([&] { return sender->received == "answer"; });
  EXPECT_EQ(receiver->received, "");
  sender->send("lo.a");
  run_until([&] { return receiver->received == "edited.a"; });
  sender->send("hello.");
  run_until([&] { return receiver->received == "edited.ahello."; });
}

TEST_F(ProxyTest, byte_streams_pass_in_both_directions) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  dialer->send("request");
  run_until([&] { return acceptor->received == "request"; });
  acceptor->send("reply");
  run_until([&] { return dialer->received == "reply"; });
}

TEST_F(ProxyTest, a_blocked_byte_link_holds_its_direction_and_delivers_on_healing) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  rules.block(1, {link});
  dialer->send("held");
  acceptor->send("open");
  run_until([&] { return dialer->received == "open"; });
  run_all_that_is_ready();
  EXPECT_EQ(acceptor->received, "");
  rules.release(1);
  run_until([&] { return acceptor->received == "held"; });
}

TEST_F(ProxyTest, the_replies_of_a_byte_link_are_gated_by_the_opposite_link) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  rules.block(1, {reverse(link)});
  dialer->send("open");
  acceptor->send("held");
  run_until([&] { return acceptor->received == "open"; });
  run_all_that_is_ready();
  EXPECT_EQ(dialer->received, "");
  rules.release(1);
  run_until([&] { return dialer->received == "held"; });
}

TEST_F(ProxyTest, a_held_stream_stops_its_sender_and_loses_nothing) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  rules.block(1, {link});
  std::string much;
  much.resize(20'000'000, 'x');
  std::size_t written = 0;
  asio::async_write(dialer->socket, asio::buffer(much),
                    [&](auto, std::size_t size) { written = size; });
  run_all_that_is_ready();
  EXPECT_EQ(written, 0u);
  rules.release(1);
  run_until([&] { return acceptor->received.size() == much.size(); });
  EXPECT_EQ(written, much.size());
}

// Sizes around what the relay reads before it makes way for other connections: its last read must
// not be left unwritten until something else arrives.
TEST_F(ProxyTest, the_end_of_a_burst_is_not_kept_back) {
  for (std::size_t size = 800'000; size < 1'200'000; size += 20'000) {
    use(Framing::bytes);
    auto dialer = dial();
    auto acceptor = accept();
    rules.block(1, {link});
    const std::string burst(size, 'x');
    asio::async_write(dialer->socket, asio::buffer(burst), [](auto, std::size_t) {});
    run_all_that_is_ready();
    rules.release(1);
    ASSERT_NO_FATAL_FAILURE(run_until([&] { return acceptor->received.size() == size; }));
  }
}

TEST_F(ProxyTest, a_byte_link_that_is_blocked_when_dialed_connects_on_healing) {
  use(Framing::bytes);
  rules.block(1, {link});
  auto dialer = dial();
  dialer->send("early");
  run_all_that_is_ready();
  EXPECT_EQ(proxy->statistics(link).connections, 0u);
  rules.release(1);
  auto acceptor = accept();
  run_until([&] { return acceptor->received == "early"; });
}

TEST_F(ProxyTest, an_attempt_given_up_while_its_link_was_blocked_is_forgotten) {
  use(Framing::bytes);
  rules.block(1, {link});
  auto dialer = dial();
  dialer->send("early");
  run_all_that_is_ready();
  dialer->socket.close();
  rules.release(1);
  run_all_that_is_ready();
  EXPECT_EQ(proxy->statistics(link).connections, 0u);
}

TEST_F(ProxyTest, a_byte_stream_may_be_closed_in_one_direction) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  dialer->send("last");
  dialer->socket.shutdown(tcp::socket::shutdown_send);
  run_until([&] { return acceptor->closed; });
  EXPECT_EQ(acceptor->received, "last");
  acceptor->send("still");
  run_until([&] { return dialer->received == "still"; });
}

}  // namespace
}  // namespace sunder::nemesis
