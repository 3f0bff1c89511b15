#include "nemesis/network/switch/fabric.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/switch/frames_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Three ports: the clients, n1 and n2, whose numbers are those of the ports.
struct FabricTest : testing::Test, Fabric::Output {
  explicit FabricTest(bool releases_last_frames = true)
      : fabric(rules, {{all_clients, test_mac(0)}, {n1, test_mac(1)}, {n2, test_mac(2)}},
               releases_last_frames, *this) {}

  void pass(std::size_t port, FrameView frame) override { take(port, frame); }
  void send(std::size_t port, std::shared_ptr<const Frame> frame) override { take(port, *frame); }
  void take(std::size_t port, FrameView frame) {
    const auto packet = ipv4_in(frame);
    const auto tcp = packet ? tcp_in(frame, *packet) : std::nullopt;
    if (tcp && tcp->has(TcpSegment::rst)) {
      resets.push_back({port, tcp->sequence, tcp->acknowledged});
    } else {
      got.push_back(std::to_string(port) + ":" + payload_of(frame));
    }
    last.assign(frame.begin(), frame.end());
  }

  void receive(const TestFrame& frame) {
    fabric.receive(static_cast<std::size_t>(frame.from), test_frame_of(frame), now);
  }
  // As the switch does.
  void changed(const std::set<Link>& links) {
    for (const Link link : links) fabric.rules_changed(link, now);
  }
  void add(const MessageFault& fault, Link link = {n1, n2}) {
    rules.add(1, {link}, fault, 1);
    changed({link});
  }
  void release(Link link = {n1, n2}) {
    rules.release(1);
    changed({link});
  }
  // n1 dials n2: the sequence numbers are 101 and 501 then.
  void connect() {
    receive({.sequence = 100, .flags = TcpSegment::syn});
    receive(answer(
        {.sequence = 500, .acknowledged = 101, .flags = TcpSegment::syn | TcpSegment::ack_flag}));
    receive({.sequence = 101, .acknowledged = 501});
    got.clear();
  }
  static TestFrame answer(TestFrame frame) {
    frame.from = 2;
    frame.to = 1;
    std::swap(frame.from_port, frame.to_port);
    return frame;
  }

  struct Reset {
    std::size_t port;
    std::uint32_t sequence;
    std::uint32_t acknowledged;
    bool operator==(const Reset&) const = default;
  };

  LinkRules rules;
  Fabric::Time now{1h};
  Fabric fabric;
  std::vector<std::string> got;
  std::vector<Reset> resets;
  Frame last;
};

TEST_F(FabricTest, a_frame_goes_to_the_port_of_its_address) {
  receive({.from = 1, .to = 2, .payload = "a"});
  receive({.from = 2, .to = 0, .payload = "b"});
  receive({.from = 1, .to = 7, .payload = "c"});
  receive({.from = 1, .to = 1, .payload = "d"});
  EXPECT_THAT(got, ElementsAre("2:a", "0:b"));
  EXPECT_EQ(fabric.undeliverable(), 2U);
  EXPECT_EQ(fabric.statistics({n1, n2}).frames_forwarded, 1U);
  EXPECT_EQ(fabric.statistics({n2, n1}).frames_forwarded, 0U);
}

TEST_F(FabricTest, a_broadcast_goes_to_every_other_port_by_the_rules_of_each_link) {
  Frame frame = test_frame_of({.protocol = protocol_udp, .payload = "all"});
  std::fill_n(frame.begin() + offload_bytes, 6, 0xff);
  fabric.receive(1, frame, now);
  EXPECT_THAT(got, ElementsAre("0:all", "2:all"));
  rules.block(1, {{n1, n2}});
  changed({{n1, n2}});
  fabric.receive(1, frame, now);
  EXPECT_THAT(got, ElementsAre("0:all", "2:all", "0:all"));
}

TEST_F(FabricTest, a_blocked_link_loses_frames_and_releases_the_last_of_each_flow) {
  connect();
  rules.block(1, {{n1, n2}});
  changed({{n1, n2}});
  receive({.sequence = 101, .payload = "a"});
  receive({.sequence = 102, .payload = "b"});
  receive({.from_port = 1001, .sequence = 9, .payload = "other"});
  receive({.sequence = 101, .payload = "a"});
  receive({.protocol = protocol_udp, .payload = "datagram"});
  EXPECT_THAT(got, IsEmpty());
  EXPECT_EQ(fabric.statistics({n1, n2}).frames_dropped, 5U);
  release();
  EXPECT_THAT(got, ElementsAre("2:other", "2:a"));
  release();
  EXPECT_THAT(got, ElementsAre("2:other", "2:a"));
}

struct FabricWithoutReleaseTest : FabricTest {
  FabricWithoutReleaseTest() : FabricTest(false) {}
};

TEST_F(FabricWithoutReleaseTest, nothing_is_released_if_the_option_is_off) {
  rules.block(1, {{n1, n2}});
  changed({{n1, n2}});
  receive({.payload = "a"});
  release();
  EXPECT_THAT(got, IsEmpty());
}

TEST_F(FabricTest, what_a_drop_lost_last_is_forgotten_when_the_flow_goes_on) {
  add({.effect = MessageEffect::drop, .probability = 0.5});
  for (int i = 0; i < 64; ++i) receive({.payload = std::to_string(i)});
  EXPECT_GT(got.size(), 10U);
  EXPECT_LT(got.size(), 54U);
  const auto count = got.size();
  const bool last_passed = got.back() == "2:63";
  release();
  EXPECT_EQ(got.size(), count + (last_passed ? 0 : 1));
  EXPECT_EQ(got.back(), "2:63");
}

TEST_F(FabricTest, a_delayed_frame_arrives_later_and_never_over_a_blocked_link) {
  add({.effect = MessageEffect::delay, .delay = 10ms});
  receive({.payload = "a"});
  EXPECT_THAT(got, IsEmpty());
  EXPECT_EQ(fabric.next_due(), now + 10ms);
  now += 10ms;
  fabric.deliver_due(now);
  EXPECT_THAT(got, ElementsAre("2:a"));
  EXPECT_EQ(fabric.next_due(), std::nullopt);
  receive({.payload = "b"});
  rules.block(2, {{n1, n2}});
  changed({{n1, n2}});
  now += 10ms;
  fabric.deliver_due(now);
  EXPECT_THAT(got, ElementsAre("2:a"));
}

TEST_F(FabricTest, the_heal_of_a_delay_delivers_in_order_and_at_once) {
  add({.effect = MessageEffect::delay, .delay = 1s});
  receive({.payload = "a"});
  receive({.payload = "b"});
  release();
  receive({.payload = "c"});
  EXPECT_THAT(got, ElementsAre("2:a", "2:b", "2:c"));
}

TEST_F(FabricTest, faults_of_single_messages_strike_packets_not_large_frames) {
  add({.effect = MessageEffect::drop, .probability = 0.5});
  receive({.payload = std::string(6400, 'x'), .segment_bytes = 100});
  EXPECT_GT(got.size(), 10U);
  EXPECT_LT(got.size(), 54U);
  EXPECT_EQ(fabric.statistics({n1, n2}).frames_dropped + got.size(), 64U);
  EXPECT_TRUE(has_right_checksums(last));
}

TEST_F(FabricTest, a_damaged_packet_arrives_with_a_wrong_checksum) {
  add({.effect = MessageEffect::corrupt});
  receive({.payload = "payload"});
  EXPECT_EQ(got.size(), 1U);
  EXPECT_EQ(offload_of(last).flags, 0);
  EXPECT_FALSE(has_right_checksums(last));
}

TEST_F(FabricTest, a_throttled_link_queues_what_it_carries_in_a_second) {
  add({.effect = MessageEffect::throttle, .bytes_per_second = 100'000});
  for (int i = 0; i < 1000; ++i)
    receive({.protocol = protocol_udp, .payload = std::string(958, 'x')});
  EXPECT_EQ(fabric.statistics({n1, n2}).frames_dropped, 900U);
  now += 1s;
  fabric.deliver_due(now);
  EXPECT_EQ(got.size(), 100U);
}

TEST_F(FabricTest, a_cut_resets_both_ends_at_the_numbers_that_they_expect) {
  connect();
  receive({.sequence = 101, .acknowledged = 501, .payload = "question"});
  receive(answer({.sequence = 501, .acknowledged = 109, .payload = "answer"}));
  rules.cut(1, {{n1, n2}});
  changed({{n1, n2}});
  // n1 has not acknowledged the answer: either number may be right.
  EXPECT_THAT(resets, ElementsAre(Reset{1, 507, 109}, Reset{1, 501, 109}, Reset{2, 109, 507}));
}

TEST_F(FabricTest, each_later_segment_of_a_torn_flow_is_answered_by_a_reset) {
  connect();
  rules.cut(1, {{n1, n2}});
  changed({{n1, n2}});
  resets.clear();
  receive(answer({.sequence = 501, .acknowledged = 107, .payload = "late"}));
  EXPECT_THAT(resets, ElementsAre(Reset{2, 107, 505}));
  EXPECT_THAT(got, IsEmpty());
}

TEST_F(FabricTest, a_cut_link_refuses_connections) {
  rules.cut(1, {{n1, n2}});
  changed({{n1, n2}});
  receive({.sequence = 100, .flags = TcpSegment::syn});
  EXPECT_THAT(resets, ElementsAre(Reset{1, 0, 101}));
  EXPECT_EQ(fabric.statistics({n1, n2}).refused_connections, 1U);
  release();
  resets.clear();
  receive({.sequence = 100, .flags = TcpSegment::syn});
  EXPECT_THAT(got, ElementsAre("2:"));
  EXPECT_THAT(resets, IsEmpty());
}

TEST_F(FabricTest, a_connection_over_the_open_direction_of_a_cut_is_refused_to_both) {
  rules.cut(1, {{n2, n1}});
  changed({{n2, n1}});
  receive({.sequence = 100, .flags = TcpSegment::syn});
  EXPECT_THAT(got, ElementsAre("2:"));
  receive(answer(
      {.sequence = 500, .acknowledged = 101, .flags = TcpSegment::syn | TcpSegment::ack_flag}));
  EXPECT_THAT(resets, ElementsAre(Reset{1, 0, 101}, Reset{2, 101, 501}));
}

TEST_F(FabricTest, a_reset_tears_what_is_there_and_nothing_later) {
  connect();
  fabric.reset({n2, n1});
  EXPECT_THAT(resets, ElementsAre(Reset{1, 501, 101}, Reset{2, 101, 501}));
  resets.clear();
  connect();
  receive({.sequence = 101, .acknowledged = 501, .payload = "again"});
  EXPECT_THAT(got, ElementsAre("2:again"));
  EXPECT_THAT(resets, IsEmpty());
}

TEST_F(FabricTest, a_cut_of_the_clients_leaves_the_nodes_alone) {
  connect();
  rules.cut(1, {{all_clients, n1}, {n1, all_clients}});
  changed({{all_clients, n1}, {n1, all_clients}});
  EXPECT_THAT(resets, IsEmpty());
  receive({.from = 0, .to = 1, .flags = TcpSegment::syn});
  EXPECT_EQ(resets.size(), 1U);
  receive({.sequence = 101, .acknowledged = 501, .payload = "a"});
  EXPECT_THAT(got, ElementsAre("2:a"));
}

TEST_F(FabricTest, frames_to_a_port_that_has_gone_are_lost) {
  fabric.port_has_gone(2);
  receive({.payload = "a"});
  EXPECT_THAT(got, IsEmpty());
  EXPECT_EQ(fabric.undeliverable(), 1U);
}

TEST(TcpFlows, of_many_flows_the_silent_ones_are_forgotten) {
  TcpFlows flows(10);
  const auto speak = [&](std::uint16_t from_port) {
    const Frame frame = test_frame_of({.from_port = from_port, .payload = "x"});
    const auto packet = ipv4_in(frame);
    flows.sent(Side::first, *packet, *tcp_in(frame, *packet));
  };
  for (std::uint16_t from_port = 1; from_port <= 1000; ++from_port) {
    speak(7);
    speak(from_port);
  }
  const auto resets = flows.tear_all();
  EXPECT_LE(resets.size(), 20U);
  EXPECT_TRUE(std::any_of(resets.begin(), resets.end(),
                          [](const TcpReset& reset) { return reset.to.port == 7; }));
}

TEST(LastLost, keeps_no_more_than_its_bytes) {
  LastLost last(1000);
  for (std::uint16_t from_port = 1; from_port <= 100; ++from_port) {
    const Frame frame = test_frame_of({.from_port = from_port, .payload = std::string(136, 'x')});
    const auto packet = ipv4_in(frame);
    last.keep(*packet, *tcp_in(frame, *packet), frame);
  }
  const auto kept = last.take();
  ASSERT_EQ(kept.size(), 5U);
  EXPECT_EQ(tcp_in(*kept.back(), *ipv4_in(*kept.back()))->from_port, 100);
}

}  // namespace
}  // namespace sunder::nemesis
