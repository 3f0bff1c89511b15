#pragma once
// The frame of a reset that no node sent.

#include "nemesis/network/switch/packet.h"
#include "nemesis/network/switch/tcp_flows.h"

namespace sunder::nemesis {

/// With finished checksums. The addresses are those of the receiver's port, and of its peer's.
Frame forged_reset(const TcpReset& reset, const MacAddress& receiver, const MacAddress& peer);

}  // namespace sunder::nemesis
