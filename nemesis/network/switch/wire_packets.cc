#include "nemesis/network/switch/wire_packets.h"

#include <algorithm>
#include <cstring>

namespace sunder::nemesis {
namespace {

constexpr std::size_t ip_checksum_at = 10;
constexpr std::size_t tcp_checksum_at = 16;
constexpr std::size_t udp_checksum_at = 6;

std::uint64_t pseudo_header_sum(const Ipv4Packet& packet) {
  return std::uint64_t{packet.from >> 16} + (packet.from & 0xffff) + (packet.to >> 16) +
         (packet.to & 0xffff) + packet.protocol + (packet.end - packet.payload);
}

void write_transport_checksum(Frame& frame, const Ipv4Packet& packet, std::size_t at) {
  store_16(frame, packet.payload + at, 0);
  const FrameView covered = FrameView(frame).subspan(packet.payload, packet.end - packet.payload);
  const std::uint16_t sum = internet_checksum(covered, pseudo_header_sum(packet));
  // A checksum of 0 in UDP means that there is none.
  store_16(frame, packet.payload + at, sum == 0 && packet.protocol == protocol_udp ? 0xffff : sum);
}

// The headers of the frame with the part [begin, end) of its payload.
Frame part_of(FrameView frame, std::size_t payload, std::size_t begin, std::size_t end) {
  Frame part(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(payload));
  part.insert(part.end(), frame.begin() + static_cast<std::ptrdiff_t>(begin),
              frame.begin() + static_cast<std::ptrdiff_t>(end));
  set_offload(part, {});
  return part;
}

void write_ip_length(Frame& part, std::size_t index) {
  store_16(part, packet_begin + 2, static_cast<std::uint16_t>(part.size() - packet_begin));
  const std::uint16_t identification = load_16(part, packet_begin + 4);
  store_16(part, packet_begin + 4, static_cast<std::uint16_t>(identification + index));
}

std::vector<Frame> split_tcp(FrameView frame, const Ipv4Packet& packet, const TcpSegment& tcp,
                             std::size_t segment_bytes) {
  std::vector<Frame> parts;
  for (std::size_t at = tcp.payload; at < packet.end; at += segment_bytes) {
    const std::size_t end = std::min(packet.end, at + segment_bytes);
    Frame part = part_of(frame, tcp.payload, at, end);
    write_ip_length(part, parts.size());
    store_32(part, tcp.begin + 4, tcp.sequence + static_cast<std::uint32_t>(at - tcp.payload));
    std::uint8_t flags = tcp.flags;
    if (end < packet.end) flags &= static_cast<std::uint8_t>(~(TcpSegment::fin | TcpSegment::psh));
    if (at > tcp.payload) flags &= static_cast<std::uint8_t>(~TcpSegment::cwr);
    part[tcp.begin + 13] = flags;
    write_checksums(part);
    parts.push_back(std::move(part));
  }
  return parts;
}

std::vector<Frame> split_udp(FrameView frame, const Ipv4Packet& packet, const UdpDatagram& udp,
                             std::size_t segment_bytes) {
  std::vector<Frame> parts;
  for (std::size_t at = udp.payload; at < packet.end; at += segment_bytes) {
    Frame part = part_of(frame, udp.payload, at, std::min(packet.end, at + segment_bytes));
    write_ip_length(part, parts.size());
    store_16(part, udp.begin + 4, static_cast<std::uint16_t>(part.size() - udp.begin));
    write_checksums(part);
    parts.push_back(std::move(part));
  }
  return parts;
}

// Of a frame that is one packet. The checksum may be one that only the offload knows (ICMP).
Frame finished(FrameView frame) {
  Frame packet(frame.begin(), frame.end());
  const Offload offload = offload_of(frame);
  if ((offload.flags & Offload::needs_checksum) == 0) return packet;
  const std::size_t begin = offload_bytes + offload.checksum_start;
  const std::size_t field = begin + offload.checksum_offset;
  if (field + 2 > packet.size()) return packet;
  // The field holds the sum of the pseudo header, which is a part of the whole.
  const std::uint16_t sum = internet_checksum(FrameView(packet).subspan(begin));
  store_16(packet, field, sum == 0 ? 0xffff : sum);
  set_offload(packet, {});
  return packet;
}

}  // namespace

std::vector<Frame> wire_packets(FrameView frame) {
  const Offload offload = offload_of(frame);
  const std::uint8_t kind = offload.kind & static_cast<std::uint8_t>(~Offload::ecn);
  const auto packet = ipv4_in(frame);
  if (packet && offload.segment_bytes > 0) {
    if (const auto tcp = tcp_in(frame, *packet); tcp && kind == Offload::is_tcp_ipv4) {
      return split_tcp(frame, *packet, *tcp, offload.segment_bytes);
    }
    if (const auto udp = udp_in(frame, *packet); udp && kind == Offload::is_udp) {
      return split_udp(frame, *packet, *udp, offload.segment_bytes);
    }
  }
  if (kind != 0) return {Frame(frame.begin(), frame.end())};
  return {finished(frame)};
}

bool corrupt(Frame& frame, std::uint64_t number) {
  if (offload_of(frame).kind != 0 || offload_of(frame).flags != 0) return false;
  const auto packet = ipv4_in(frame);
  if (!packet) return false;
  // Of a header without payload only the ports: in a header of UDP, the checksum itself must stay.
  std::size_t begin = packet->payload;
  std::size_t size = 4;
  if (const auto tcp = tcp_in(frame, *packet)) {
    if (tcp->payload < packet->end) begin = tcp->payload;
  } else if (const auto udp = udp_in(frame, *packet); udp && udp->has_checksum) {
    if (udp->payload < packet->end) begin = udp->payload;
  } else {
    return false;
  }
  if (begin > packet->payload) size = packet->end - begin;
  frame[begin + number % size] ^= static_cast<std::uint8_t>(1 << (number >> 32) % 8);
  return true;
}

std::uint16_t internet_checksum(FrameView bytes, std::uint64_t sum) {
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) sum += load_32(bytes, at);
  if (at + 2 <= bytes.size()) {
    sum += load_16(bytes, at);
    at += 2;
  }
  if (at < bytes.size()) sum += std::uint64_t{bytes[at]} << 8;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void write_checksums(Frame& frame) {
  const auto packet = ipv4_in(frame);
  if (!packet) return;
  store_16(frame, packet->begin + ip_checksum_at, 0);
  const FrameView header = FrameView(frame).subspan(packet->begin, packet->payload - packet->begin);
  store_16(frame, packet->begin + ip_checksum_at, internet_checksum(header));
  if (tcp_in(frame, *packet)) write_transport_checksum(frame, *packet, tcp_checksum_at);
  if (const auto udp = udp_in(frame, *packet); udp && udp->has_checksum) {
    write_transport_checksum(frame, *packet, udp_checksum_at);
  }
}

}  // namespace sunder::nemesis
