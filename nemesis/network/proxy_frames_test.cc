#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/proxy.h"
#include "nemesis/network/proxy_fixture_test.h"

namespace sunder::nemesis {
namespace {

TEST_F(ProxyTest, frames_arrive_as_they_were_sent) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  const std::string sent = frame("a") + frame(std::string(300'000, 'b')) + frame("");
  sender->send(sent);
  run_until([&] { return receiver->received.size() >= sent.size(); });
  EXPECT_EQ(receiver->received, sent);
  EXPECT_EQ(proxy->statistics(link).frames_forwarded, 3u);
  EXPECT_EQ(proxy->statistics(link).bytes_forwarded, sent.size());
}

TEST_F(ProxyTest, a_blocked_framed_link_drops_frames_and_keeps_its_connection) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  rules.block(1, {link});
  sender->send(frame("lost") + frame("lost too"));
  run_until([&] { return proxy->statistics(link).frames_dropped == 2; });
  rules.release(1);
  sender->send(frame("after"));
  run_until([&] { return !receiver->received.empty(); });
  EXPECT_EQ(receiver->received, frame("after"));
  EXPECT_FALSE(sender->closed);
}

// One that is watched.
std::string term_frame(std::uint64_t term) {
  return test_frame(FrameType::timeout_now,
                    std::string(reinterpret_cast<const char*>(&term), sizeof(term)));
}

// A trigger on the wire: whoever sees the frame strikes before it is sent on.
TEST_F(ProxyTest, a_link_that_is_blocked_at_the_sight_of_a_frame_drops_it) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  on_watched = [this] { rules.block(1, {link}); };
  sender->send(term_frame(7));
  run_until([&] { return proxy->statistics(link).frames_dropped == 1; });
  on_watched = [] {};
  rules.release(1);
  sender->send(frame("after"));
  run_until([&] { return !receiver->received.empty(); });
  EXPECT_EQ(receiver->received, frame("after"));
  EXPECT_FALSE(sender->closed);
}

TEST_F(ProxyTest, a_link_that_is_cut_at_the_sight_of_a_frame_loses_it_with_its_connection) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  on_watched = [this] { rules.cut(1, {link}); };
  sender->send(term_frame(7) + frame("never"));
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(receiver->received, "");
  EXPECT_THAT(watched, testing::ElementsAre(7));
}

TEST_F(ProxyTest, what_was_delayed_is_delivered_when_the_sight_of_a_frame_heals_its_link) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  MessageFault late;
  late.effect = MessageEffect::delay;
  late.delay = 1h;
  rules.add(1, {link}, late, 1);
  sender->send(frame("late"));
  run_all_that_is_ready();
  EXPECT_EQ(receiver->received, "");
  on_watched = [this] { rules.release(1); };
  sender->send(term_frame(7));
  const std::string all = frame("late") + term_frame(7);
  run_until([&] { return receiver->received.size() >= all.size(); });
  EXPECT_EQ(receiver->received, all);
}

TEST_F(ProxyTest, a_frame_under_way_is_completed_when_its_link_is_blocked) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  const std::string whole = frame(std::string(100, 'x'));
  sender->send(whole.substr(0, 50));
  run_until([&] { return receiver->received.size() == 50; });
  rules.block(1, {link});
  sender->send(whole.substr(50) + frame("lost"));
  run_until([&] { return proxy->statistics(link).frames_dropped == 1; });
  run_until([&] { return receiver->received.size() >= whole.size(); });
  EXPECT_EQ(receiver->received, whole);
}

TEST_F(ProxyTest, the_other_direction_of_a_blocked_framed_link_stays_open) {
  use(Framing::frames);
  rules.block(1, {reverse(link)});
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("a"));
  run_until([&] { return receiver->received == frame("a"); });
}

TEST_F(ProxyTest, garbage_on_a_framed_link_closes_the_connection_and_is_said) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  testing::internal::CaptureStderr();
  sender->send("GET / HTTP/1.1\r\n\r\n");
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "proxy: n1->n2: received something that is not a frame; closed the connection\n");
  EXPECT_EQ(receiver->received, "");
  EXPECT_EQ(proxy->statistics(link).malformed_streams, 1u);
}

TEST_F(ProxyTest, a_payload_of_the_limit_passes_and_one_byte_more_closes_the_connection) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  std::string largest = frame(std::string(max_frame_payload_bytes, 'x'));
  asio::async_write(sender->socket, asio::buffer(largest), [](auto, std::size_t) {});
  run_until([&] { return receiver->received.size() == largest.size(); });
  EXPECT_TRUE(receiver->received == largest);
  ++largest[4];
  testing::internal::CaptureStderr();
  sender->send(largest.substr(0, frame_header_bytes));
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "proxy: n1->n2: received a frame of 16777217 bytes; at most 16777216 are allowed; "
            "closed the connection\n");
}

TEST_F(ProxyTest, a_slow_receiver_stops_the_sender_and_loses_nothing) {
  use(Framing::frames);
  auto sender = dial();
  run_until([&] { return proxy->statistics(link).connections == 1; });
  tcp::socket receiver = node_2->accept();
  std::string sent;
  for (int i = 0; i < 200; ++i)
    sent += frame(std::string(100'000, static_cast<char>('a' + i % 26)));
  std::size_t written = 0;
  asio::async_write(sender->socket, asio::buffer(sent),
                    [&](auto, std::size_t size) { written = size; });
  run_all_that_is_ready();
  EXPECT_EQ(written, 0u);
  Peer peer(std::move(receiver));
  run_until([&] { return peer.received.size() == sent.size(); });
  EXPECT_TRUE(peer.received == sent);
}

TEST_F(ProxyTest, what_leaders_send_is_seen_in_parts_and_though_it_is_dropped) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  const std::string term_7 =
      test_frame(FrameType::install_snapshot, std::string("\x07\0\0\0\0\0\0\0...", 11));
  sender->send(term_7.substr(0, 25));
  run_until([&] { return receiver->received == term_7.substr(0, 25); });
  EXPECT_THAT(watched, testing::IsEmpty());
  sender->send(term_7.substr(25));
  run_until([&] { return receiver->received == term_7; });
  rules.block(1, {link});
  sender->send(term_7);
  run_until([&] { return proxy->statistics(link).frames_dropped == 1; });
  EXPECT_THAT(watched, testing::ElementsAre(7, 7));
}

}  // namespace
}  // namespace sunder::nemesis
