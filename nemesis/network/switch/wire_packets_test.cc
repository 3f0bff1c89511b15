#include "nemesis/network/switch/wire_packets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/switch/frames_fixture_test.h"

namespace sunder::nemesis {
namespace {

std::string letters(std::size_t count) {
  std::string text(count, 0);
  for (std::size_t i = 0; i < count; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

TEST(WirePackets, a_checksum_that_was_left_to_the_card_is_finished) {
  for (const std::uint8_t protocol : {protocol_tcp, protocol_udp}) {
    for (const std::size_t size : {0, 1, 2, 3, 999, 1000}) {
      const Frame frame = test_frame_of({.protocol = protocol, .payload = letters(size)});
      EXPECT_FALSE(has_right_checksums(frame));
      const auto packets = wire_packets(frame);
      ASSERT_EQ(packets.size(), 1U);
      EXPECT_TRUE(has_right_checksums(packets[0])) << size;
      EXPECT_EQ(payload_of(packets[0]), letters(size));
    }
  }
}

TEST(WirePackets, a_large_segment_becomes_segments_that_continue_each_other) {
  const auto flags = static_cast<std::uint8_t>(TcpSegment::ack_flag | TcpSegment::psh |
                                               TcpSegment::fin | TcpSegment::cwr);
  const auto packets = wire_packets(test_frame_of(
      {.sequence = 0xfffffff0, .flags = flags, .payload = letters(250), .segment_bytes = 100}));
  ASSERT_EQ(packets.size(), 3U);
  std::string payload;
  std::uint32_t next = 0xfffffff0;
  for (const Frame& packet : packets) {
    EXPECT_TRUE(has_right_checksums(packet));
    const auto tcp = tcp_in(packet, *ipv4_in(packet));
    ASSERT_TRUE(tcp);
    EXPECT_EQ(tcp->sequence, next);
    next = tcp->next;
    const bool is_first = &packet == &packets.front();
    const bool is_last = &packet == &packets.back();
    EXPECT_EQ(tcp->has(TcpSegment::cwr), is_first);
    EXPECT_EQ(tcp->has(TcpSegment::fin), is_last);
    EXPECT_EQ(tcp->has(TcpSegment::psh), is_last);
    EXPECT_TRUE(tcp->has(TcpSegment::ack_flag));
    payload += payload_of(packet);
  }
  EXPECT_EQ(payload, letters(250));
}

TEST(WirePackets, large_datagrams_become_datagrams) {
  const auto packets = wire_packets(
      test_frame_of({.protocol = protocol_udp, .payload = letters(250), .segment_bytes = 100}));
  ASSERT_EQ(packets.size(), 3U);
  for (const Frame& packet : packets) EXPECT_TRUE(has_right_checksums(packet));
  EXPECT_EQ(payload_of(packets[2]), letters(250).substr(200));
}

TEST(WirePackets, every_damage_is_detected) {
  for (const std::uint8_t protocol : {protocol_tcp, protocol_udp}) {
    for (const std::size_t size : {0, 1, 50}) {
      const Frame frame = test_frame_of({.protocol = protocol, .payload = letters(size)});
      const Frame packet = wire_packets(frame).front();
      for (std::uint64_t bit = 0; bit < 8; ++bit) {
        for (std::uint64_t byte = 0; byte < 60; ++byte) {
          Frame damaged = packet;
          ASSERT_TRUE(corrupt(damaged, bit << 32 | byte));
          EXPECT_NE(damaged, packet);
          EXPECT_FALSE(has_right_checksums(damaged)) << byte << " " << bit;
        }
      }
    }
  }
}

TEST(WirePackets, what_no_checksum_covers_is_not_damaged_but_lost) {
  Frame without = wire_packets(test_frame_of({.protocol = protocol_udp, .payload = "abc"}))[0];
  store_16(without, packet_begin + 26, 0);
  EXPECT_FALSE(corrupt(without, 1));
  Frame unfinished = test_frame_of({.payload = "abc"});
  EXPECT_FALSE(corrupt(unfinished, 1));
  Frame arp = wire_packets(test_frame_of({.payload = "abc"}))[0];
  store_16(arp, packet_begin - 2, 0x0806);
  EXPECT_FALSE(corrupt(arp, 1));
  Frame fragment = wire_packets(test_frame_of({.payload = "abc"}))[0];
  store_16(fragment, packet_begin + 6, 0x2000);
  EXPECT_FALSE(corrupt(fragment, 1));
}

TEST(WirePackets, a_frame_that_cannot_be_split_comes_back_as_it_is) {
  Frame frame = test_frame_of({.payload = letters(250), .segment_bytes = 100});
  Offload offload = offload_of(frame);
  offload.kind = 4;  // TCP on IPv6
  set_offload(frame, offload);
  EXPECT_THAT(wire_packets(frame), testing::ElementsAre(frame));
}

}  // namespace
}  // namespace sunder::nemesis
