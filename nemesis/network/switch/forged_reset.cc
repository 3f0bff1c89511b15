#include "nemesis/network/switch/forged_reset.h"

#include <algorithm>

#include "nemesis/network/switch/wire_packets.h"

namespace sunder::nemesis {

Frame forged_reset(const TcpReset& reset, const MacAddress& receiver, const MacAddress& peer) {
  constexpr std::size_t ip = packet_begin;
  constexpr std::size_t tcp = ip + 20;
  Frame frame(tcp + 20);
  std::copy(receiver.begin(), receiver.end(), frame.begin() + offload_bytes);
  std::copy(peer.begin(), peer.end(), frame.begin() + offload_bytes + 6);
  store_16(frame, ip - 2, 0x0800);
  frame[ip] = 0x45;
  store_16(frame, ip + 2, 40);
  frame[ip + 8] = 64;  // time to live
  frame[ip + 9] = protocol_tcp;
  store_32(frame, ip + 12, reset.from.address);
  store_32(frame, ip + 16, reset.to.address);
  store_16(frame, tcp, reset.from.port);
  store_16(frame, tcp + 2, reset.to.port);
  store_32(frame, tcp + 4, reset.sequence);
  store_32(frame, tcp + 8, reset.acknowledged);
  frame[tcp + 12] = 5 << 4;  // the header is five words long
  frame[tcp + 13] = TcpSegment::rst | TcpSegment::ack_flag;
  write_checksums(frame);
  return frame;
}

}  // namespace sunder::nemesis
