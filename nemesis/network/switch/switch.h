#pragma once
// The network between unmodified systems: an Ethernet switch. Each node, and the clients together,
// stand at a port: an AF_PACKET socket on the switch's end of a veth pair. The switch carries every
// frame (TCP, UDP, anything on IPv4) by the rules of its directed link; in_flight.h says what they
// do to a message. Surprise: with segmentation offload one frame may be 64 KB, so that one drop
// hits up to 45 segments of TCP.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include "nemesis/link.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/link_statistics.h"

namespace sunder::nemesis {

/// What stands at one port of the switch.
struct SwitchPort {
  /// A node, or `all_clients` (nemesis/link.h).
  NodeId who;
  std::array<std::uint8_t, 6> mac{};
  boost::asio::ip::address_v4 address;
  /// AF_PACKET, bound to the switch's end, PACKET_VNET_HDR on. The switch closes it.
  int socket = -1;
};

class Switch {
 public:
  struct Options {
    /// The last frame of each flow that a blocked link lost is delivered when the link opens: TCP
    /// resumes at once, not after its back-off of seconds.
    bool releases_last_frames = true;
  };

  /// The rules must outlive the switch.
  Switch(boost::asio::io_context& io, LinkRules& rules, std::vector<SwitchPort> ports,
         Options options);
  ~Switch();
  Switch(const Switch&) = delete;
  Switch& operator=(const Switch&) = delete;

  LinkStatistics statistics(Link link) const;
  LinkStatistics total() const;
  /// The switch then gives the io_context no more work.
  void close();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sunder::nemesis
