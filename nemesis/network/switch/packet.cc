#include "nemesis/network/switch/packet.h"

#include <algorithm>
#include <cstring>

namespace sunder::nemesis {
namespace {

constexpr std::uint16_t ether_type_ipv4 = 0x0800;
constexpr std::size_t least_ipv4_header = 20;
constexpr std::size_t least_tcp_header = 20;

}  // namespace

Offload offload_of(FrameView frame) {
  Offload offload;
  std::memcpy(&offload, frame.data(), offload_bytes);
  return offload;
}

void set_offload(Frame& frame, const Offload& offload) {
  std::memcpy(frame.data(), &offload, offload_bytes);
}

MacAddress destination_of(FrameView frame) {
  MacAddress address;
  std::copy_n(frame.begin() + offload_bytes, address.size(), address.begin());
  return address;
}

bool is_for_a_group(const MacAddress& address) {
  return (address[0] & 1) != 0;
}

std::optional<Ipv4Packet> ipv4_in(FrameView frame) {
  if (frame.size() < packet_begin + least_ipv4_header) return std::nullopt;
  if (load_16(frame, packet_begin - 2) != ether_type_ipv4) return std::nullopt;
  const std::uint8_t first = frame[packet_begin];
  const std::size_t header = std::size_t{first & 0xfu} * 4;
  const std::size_t total = load_16(frame, packet_begin + 2);
  if (first >> 4 != 4 || header < least_ipv4_header || total < header ||
      packet_begin + total > frame.size()) {
    return std::nullopt;
  }
  Ipv4Packet packet;
  packet.begin = packet_begin;
  packet.payload = packet_begin + header;
  packet.end = packet_begin + total;
  packet.from = load_32(frame, packet_begin + 12);
  packet.to = load_32(frame, packet_begin + 16);
  packet.protocol = frame[packet_begin + 9];
  // More fragments follow, or this one does not begin at 0.
  packet.is_fragment = (load_16(frame, packet_begin + 6) & 0x3fff) != 0;
  return packet;
}

std::optional<TcpSegment> tcp_in(FrameView frame, const Ipv4Packet& packet) {
  const std::size_t begin = packet.payload;
  if (packet.protocol != protocol_tcp || packet.is_fragment ||
      packet.end < begin + least_tcp_header) {
    return std::nullopt;
  }
  const std::size_t header = std::size_t{frame[begin + 12]} / 16 * 4;
  if (header < least_tcp_header || begin + header > packet.end) return std::nullopt;
  TcpSegment segment;
  segment.begin = begin;
  segment.payload = begin + header;
  segment.from_port = load_16(frame, begin);
  segment.to_port = load_16(frame, begin + 2);
  segment.sequence = load_32(frame, begin + 4);
  segment.acknowledged = load_32(frame, begin + 8);
  segment.flags = frame[begin + 13];
  segment.next = segment.sequence + static_cast<std::uint32_t>(packet.end - segment.payload) +
                 (segment.has(TcpSegment::syn) ? 1 : 0) + (segment.has(TcpSegment::fin) ? 1 : 0);
  return segment;
}

std::optional<UdpDatagram> udp_in(FrameView frame, const Ipv4Packet& packet) {
  if (packet.protocol != protocol_udp || packet.is_fragment ||
      packet.end < packet.payload + UdpDatagram::header_bytes) {
    return std::nullopt;
  }
  return UdpDatagram{packet.payload, packet.payload + UdpDatagram::header_bytes,
                     load_16(frame, packet.payload + 6) != 0};
}

std::uint64_t packets_in(FrameView frame) {
  const Offload offload = offload_of(frame);
  if (offload.kind == 0 || offload.segment_bytes == 0) return 1;
  const std::size_t headers = offload_bytes + offload.header_bytes;
  if (frame.size() <= headers) return 1;
  return (frame.size() - headers + offload.segment_bytes - 1) / offload.segment_bytes;
}

std::uint16_t load_16(FrameView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t load_32(FrameView bytes, std::size_t at) {
  return std::uint32_t{load_16(bytes, at)} << 16 | load_16(bytes, at + 2);
}

void store_16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void store_32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  store_16(bytes, at, static_cast<std::uint16_t>(value >> 16));
  store_16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace sunder::nemesis
