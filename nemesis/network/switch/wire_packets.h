#pragma once
// Turns a frame into the packets that a wire would carry: segments of one packet each, all
// checksums finished. A fault that strikes single packets needs them; and a damaged byte is only
// detected if a finished checksum covers it.

#include <cstdint>
#include <vector>

#include "nemesis/network/switch/packet.h"

namespace sunder::nemesis {

/// In order. A frame that cannot be split (it is no TCP or UDP on IPv4) comes back as it is.
std::vector<Frame> wire_packets(FrameView frame);

/// Changes one bit that the checksum of TCP or UDP covers, in the payload if there is one; `number`
/// selects it. False if no finished checksum would detect the change: a wire loses such a frame,
/// because the check sequence of Ethernet does. The frame is one of wire_packets().
bool corrupt(Frame& packet, std::uint64_t number);

/// The checksum of IP, TCP and UDP (RFC 1071) over the bytes, to which `sum` is added.
std::uint16_t internet_checksum(FrameView bytes, std::uint64_t sum = 0);

/// Writes the header checksum of IPv4, and that of TCP, or of UDP if it has one.
void write_checksums(Frame& packet);

}  // namespace sunder::nemesis
