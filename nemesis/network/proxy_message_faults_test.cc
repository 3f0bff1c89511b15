#include <algorithm>
#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/proxy.h"
#include "nemesis/network/proxy_fixture_test.h"

namespace sunder::nemesis {
namespace {

MessageFault message_fault(MessageEffect effect) {
  MessageFault fault;
  fault.effect = effect;
  return fault;
}

TEST_F(ProxyTest, messages_of_the_chosen_type_are_dropped_and_others_pass) {
  use(Framing::frames);
  MessageFault drop = message_fault(MessageEffect::drop);
  drop.types = {FrameType::request_vote};
  rules.add(1, {link}, drop, 7);
  auto sender = dial();
  auto receiver = accept();
  sender->send(test_frame(FrameType::request_vote, "lost") + frame("kept"));
  run_until([&] { return receiver->received == frame("kept"); });
  EXPECT_EQ(proxy->statistics(link).frames_dropped, 1u);
}

TEST_F(ProxyTest, a_duplicated_message_arrives_twice) {
  use(Framing::frames);
  rules.add(1, {link}, message_fault(MessageEffect::duplicate), 7);
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("twice"));
  run_until([&] { return receiver->received == frame("twice") + frame("twice"); });
}

TEST_F(ProxyTest, delayed_messages_arrive_late_and_in_order) {
  use(Framing::frames);
  MessageFault delay = message_fault(MessageEffect::delay);
  delay.shape = DelayShape::jitter;
  delay.delay = 20ms;
  rules.add(1, {link}, delay, 7);
  auto sender = dial();
  auto receiver = accept();
  std::string sent;
  for (int i = 0; i < 50; ++i) sent += frame(std::to_string(i));
  const auto begin = std::chrono::steady_clock::now();
  sender->send(sent);
  run_until([&] { return receiver->received.size() == sent.size(); });
  EXPECT_EQ(receiver->received, sent);
  // The longest of 50 draws between 0 and 40 ms.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 30ms);
}

TEST_F(ProxyTest, reordered_messages_all_arrive_but_not_in_order) {
  use(Framing::frames);
  MessageFault reorder = message_fault(MessageEffect::reorder);
  reorder.delay = 5ms;
  reorder.probability = 0.5;
  rules.add(1, {link}, reorder, 7);
  auto sender = dial();
  auto receiver = accept();
  std::string sent;
  for (char i = 'a'; i <= 'z'; ++i) sent += frame(std::string(1, i));
  sender->send(sent);
  run_until([&] { return receiver->received.size() == sent.size(); });
  EXPECT_NE(receiver->received, sent);
  std::string sorted_received = receiver->received;
  std::sort(sorted_received.begin(), sorted_received.end());
  std::sort(sent.begin(), sent.end());
  EXPECT_EQ(sorted_received, sent);
}

TEST_F(ProxyTest, a_corrupted_message_differs_in_one_bit_of_its_payload) {
  use(Framing::frames);
  rules.add(1, {link}, message_fault(MessageEffect::corrupt), 7);
  auto sender = dial();
  auto receiver = accept();
  const std::string sent = frame(std::string(100, '\0'));
  sender->send(sent);
  run_until([&] { return receiver->received.size() == sent.size(); });
  int bits = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const int changed =
        __builtin_popcount(static_cast<unsigned char>(sent[i] ^ receiver->received[i]));
    bits += changed;
  }
  EXPECT_EQ(bits, 1);
  EXPECT_EQ(receiver->received.substr(0, frame_header_bytes), sent.substr(0, frame_header_bytes));
}

TEST_F(ProxyTest, a_healed_link_delivers_what_was_delayed_and_carries_on_at_once) {
  use(Framing::frames);
  MessageFault delay = message_fault(MessageEffect::delay);
  delay.delay = 1h;
  rules.add(1, {link}, delay, 7);
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("late") + frame("later"));
  run_all_that_is_ready();
  EXPECT_EQ(receiver->received, "");
  rules.release(1);
  sender->send(frame("after"));
  const std::string all = frame("late") + frame("later") + frame("after");
  run_until([&] { return receiver->received.size() == all.size(); });
  EXPECT_EQ(receiver->received, all);
}

TEST_F(ProxyTest, a_throttled_stream_takes_its_time) {
  use(Framing::bytes);
  MessageFault throttle = message_fault(MessageEffect::throttle);
  throttle.bytes_per_second = 1'000'000;
  rules.add(1, {link}, throttle, 7);
  auto dialer = dial();
  auto acceptor = accept();
  const auto begin = std::chrono::steady_clock::now();
  dialer->send(std::string(50'000, 'x'));
  run_until([&] { return acceptor->received.size() == 50'000; });
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
}

}  // namespace
}  // namespace sunder::nemesis
