#pragma once
// A frame as a packet socket with PACKET_VNET_HDR gives and takes it: ten bytes that say what the
// sender left to the network card (struct virtio_net_hdr, whose header is no C++), then the
// Ethernet frame. Here it is read; nothing is changed. Surprise: a frame with a segment size is
// many packets of TCP (or UDP) in one, up to 64 KB, and its checksums are not finished.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sunder::nemesis {

using Frame = std::vector<std::uint8_t>;
using FrameView = std::span<const std::uint8_t>;
using MacAddress = std::array<std::uint8_t, 6>;

/// What the sender left to the network card.
struct Offload {
  static constexpr std::uint8_t needs_checksum = 1;
  static constexpr std::uint8_t is_tcp_ipv4 = 1;
  static constexpr std::uint8_t is_udp = 5;
  /// A flag within `kind`: congestion was signalled.
  static constexpr std::uint8_t ecn = 0x80;

  std::uint8_t flags = 0;
  /// 0: the frame is one packet.
  std::uint8_t kind = 0;
  std::uint16_t header_bytes = 0;
  /// Of the payload of each packet.
  std::uint16_t segment_bytes = 0;
  /// From the start of the Ethernet frame.
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
};

constexpr std::size_t offload_bytes = 10;
static_assert(sizeof(Offload) == offload_bytes);
constexpr std::size_t ethernet_bytes = 14;
/// Where the payload of Ethernet begins.
constexpr std::size_t packet_begin = offload_bytes + ethernet_bytes;

Offload offload_of(FrameView frame);
void set_offload(Frame& frame, const Offload& offload);

/// Of a frame of at least `packet_begin` bytes, as the next two.
MacAddress destination_of(FrameView frame);
bool is_for_a_group(const MacAddress& address);

/// Positions count from the start of the frame, addresses are in the host's order.
struct Ipv4Packet {
  std::size_t begin = 0;
  std::size_t payload = 0;
  std::size_t end = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint8_t protocol = 0;
  /// One of several parts of a packet. Only the first has the header of TCP or UDP.
  bool is_fragment = false;
};

constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_udp = 17;

/// Nothing if the frame is no whole IPv4 packet.
std::optional<Ipv4Packet> ipv4_in(FrameView frame);

struct TcpSegment {
  static constexpr std::uint8_t fin = 1;
  static constexpr std::uint8_t syn = 2;
  static constexpr std::uint8_t rst = 4;
  static constexpr std::uint8_t psh = 8;
  static constexpr std::uint8_t ack_flag = 16;
  static constexpr std::uint8_t cwr = 128;

  std::size_t begin = 0;
  std::size_t payload = 0;
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
  std::uint8_t flags = 0;
  /// The sequence number after the segment; SYN and FIN count one each.
  std::uint32_t next = 0;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

/// Nothing if it is a fragment, no TCP, or broken.
std::optional<TcpSegment> tcp_in(FrameView frame, const Ipv4Packet& packet);

struct UdpDatagram {
  static constexpr std::size_t header_bytes = 8;

  std::size_t begin = 0;
  std::size_t payload = 0;
  bool has_checksum = false;
};

/// Nothing if it is a fragment, no UDP, or broken.
std::optional<UdpDatagram> udp_in(FrameView frame, const Ipv4Packet& packet);

/// How many packets a wire would carry.
std::uint64_t packets_in(FrameView frame);

/// Big endian. The caller knows that the bytes are there.
std::uint16_t load_16(FrameView bytes, std::size_t at);
std::uint32_t load_32(FrameView bytes, std::size_t at);
void store_16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value);
void store_32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value);

}  // namespace sunder::nemesis
