#include "nemesis/network/switch/packet.h"

#include <gtest/gtest.h>

#include "nemesis/network/switch/frames_fixture_test.h"

namespace sunder::nemesis {
namespace {

TEST(Packet, tcp_is_read_with_its_sequence_numbers) {
  const Frame frame =
      test_frame_of({.sequence = 7, .acknowledged = 9, .flags = TcpSegment::fin, .payload = "abc"});
  const auto packet = ipv4_in(frame);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->from, test_address(1));
  EXPECT_EQ(packet->to, test_address(2));
  const auto tcp = tcp_in(frame, *packet);
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->from_port, 1000);
  EXPECT_EQ(tcp->to_port, 2000);
  EXPECT_EQ(tcp->sequence, 7U);
  EXPECT_EQ(tcp->acknowledged, 9U);
  EXPECT_EQ(tcp->next, 11U) << "a FIN counts as a byte";
  EXPECT_FALSE(udp_in(frame, *packet));
}

TEST(Packet, what_follows_the_packet_in_its_frame_does_not_count) {
  Frame frame = test_frame_of({.payload = "abc"});
  frame.resize(frame.size() + 10);
  EXPECT_EQ(payload_of(frame), "abc");
}

TEST(Packet, a_fragment_has_no_ports) {
  Frame frame = test_frame_of({.payload = "abc"});
  store_16(frame, packet_begin + 6, 0x2000);
  const auto packet = ipv4_in(frame);
  ASSERT_TRUE(packet);
  EXPECT_FALSE(tcp_in(frame, *packet));
}

TEST(Packet, no_beginning_of_a_frame_is_taken_for_a_whole_one) {
  for (const std::uint8_t protocol : {protocol_tcp, protocol_udp}) {
    const Frame frame = test_frame_of({.protocol = protocol, .payload = "abc"});
    for (std::size_t size = packet_begin; size < frame.size(); ++size) {
      EXPECT_FALSE(ipv4_in(FrameView(frame).first(size))) << size;
    }
  }
}

TEST(Packet, lengths_that_contradict_each_other_are_refused) {
  Frame frame = test_frame_of({.payload = "abc"});
  Frame short_header = frame;
  short_header[packet_begin] = 0x44;
  EXPECT_FALSE(ipv4_in(short_header));
  Frame long_tcp = frame;
  long_tcp[packet_begin + 20 + 12] = 15 << 4;
  EXPECT_FALSE(tcp_in(long_tcp, *ipv4_in(long_tcp)));
  Frame short_tcp = frame;
  short_tcp[packet_begin + 20 + 12] = 4 << 4;
  EXPECT_FALSE(tcp_in(short_tcp, *ipv4_in(short_tcp)));
}

TEST(Packet, a_frame_counts_as_the_packets_that_a_wire_would_carry) {
  EXPECT_EQ(packets_in(test_frame_of({.payload = std::string(1000, 'x')})), 1U);
  const TestFrame many{.payload = std::string(1001, 'x'), .segment_bytes = 100};
  EXPECT_EQ(packets_in(test_frame_of(many)), 11U);
}

}  // namespace
}  // namespace sunder::nemesis
