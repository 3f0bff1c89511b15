#pragma once
// Frames as a node's kernel hands them to the switch: checksums left to the network card.

#include <algorithm>
#include <string>

#include "nemesis/network/switch/packet.h"
#include "nemesis/network/switch/wire_packets.h"

namespace sunder::nemesis {

/// Of member n: 192.0.2.n.
struct TestFrame {
  int from = 1;
  int to = 2;
  std::uint8_t protocol = protocol_tcp;
  std::uint16_t from_port = 1000;
  std::uint16_t to_port = 2000;
  std::uint32_t sequence = 100;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = TcpSegment::ack_flag;
  std::string payload = {};
  /// Not 0: one frame that is many packets.
  std::uint16_t segment_bytes = 0;
};

inline MacAddress test_mac(int member) {
  return {2, 0, 0, 0, 0, static_cast<std::uint8_t>(member)};
}

inline std::uint32_t test_address(int member) {
  return 0xc0000200U + static_cast<std::uint32_t>(member);
}

// What the kernel leaves in the field of a checksum that it did not finish.
inline std::uint16_t sum_of_pseudo_header(const TestFrame& of, std::size_t length) {
  Frame pseudo(12);
  store_32(pseudo, 0, test_address(of.from));
  store_32(pseudo, 4, test_address(of.to));
  pseudo[9] = of.protocol;
  store_16(pseudo, 10, static_cast<std::uint16_t>(length));
  return static_cast<std::uint16_t>(~internet_checksum(pseudo));
}

inline Frame test_frame_of(const TestFrame& of) {
  const bool is_tcp = of.protocol == protocol_tcp;
  const std::size_t header = is_tcp ? 20 : 8;
  const std::size_t length = header + of.payload.size();
  const std::size_t transport = packet_begin + 20;
  Frame frame(transport + length);
  const MacAddress to = test_mac(of.to);
  const MacAddress from = test_mac(of.from);
  std::copy(to.begin(), to.end(), frame.begin() + offload_bytes);
  std::copy(from.begin(), from.end(), frame.begin() + offload_bytes + 6);
  store_16(frame, packet_begin - 2, 0x0800);
  frame[packet_begin] = 0x45;
  store_16(frame, packet_begin + 2, static_cast<std::uint16_t>(20 + length));
  frame[packet_begin + 8] = 64;
  frame[packet_begin + 9] = of.protocol;
  store_32(frame, packet_begin + 12, test_address(of.from));
  store_32(frame, packet_begin + 16, test_address(of.to));
  store_16(frame, transport, of.from_port);
  store_16(frame, transport + 2, of.to_port);
  if (is_tcp) {
    store_32(frame, transport + 4, of.sequence);
    store_32(frame, transport + 8, of.acknowledged);
    frame[transport + 12] = 5 << 4;
    frame[transport + 13] = of.flags;
  } else {
    store_16(frame, transport + 4, static_cast<std::uint16_t>(length));
  }
  std::copy(of.payload.begin(), of.payload.end(),
            frame.begin() + static_cast<std::ptrdiff_t>(transport + header));
  write_checksums(frame);
  store_16(frame, transport + (is_tcp ? 16 : 6), sum_of_pseudo_header(of, length));
  Offload offload;
  offload.flags = Offload::needs_checksum;
  offload.checksum_start = ethernet_bytes + 20;
  offload.checksum_offset = is_tcp ? 16 : 6;
  offload.header_bytes = static_cast<std::uint16_t>(transport + header - offload_bytes);
  offload.segment_bytes = of.segment_bytes;
  if (of.segment_bytes > 0) offload.kind = is_tcp ? Offload::is_tcp_ipv4 : Offload::is_udp;
  set_offload(frame, offload);
  return frame;
}

inline std::string payload_of(FrameView frame) {
  const auto packet = ipv4_in(frame);
  if (!packet) return "no packet";
  std::size_t begin = packet->payload;
  if (const auto tcp = tcp_in(frame, *packet)) begin = tcp->payload;
  if (const auto udp = udp_in(frame, *packet)) begin = udp->payload;
  return {frame.begin() + static_cast<std::ptrdiff_t>(begin),
          frame.begin() + static_cast<std::ptrdiff_t>(packet->end)};
}

/// What the receiver's kernel does: whether it would accept the packet.
inline bool has_right_checksums(FrameView frame) {
  const auto packet = ipv4_in(frame);
  if (!packet || offload_of(frame).flags != 0) return false;
  const FrameView all = frame;
  const std::size_t length = packet->end - packet->payload;
  Frame covered(12);
  store_32(covered, 0, packet->from);
  store_32(covered, 4, packet->to);
  covered[9] = packet->protocol;
  store_16(covered, 10, static_cast<std::uint16_t>(length));
  const FrameView rest = all.subspan(packet->payload, length);
  covered.insert(covered.end(), rest.begin(), rest.end());
  return internet_checksum(all.subspan(packet->begin, packet->payload - packet->begin)) == 0 &&
         internet_checksum(covered) == 0;
}

}  // namespace sunder::nemesis
