#pragma once
// The network between unmodified systems: an Ethernet switch. Each node, and the clients together,
// stand at a port: an AF_PACKET socket on the switch's end of a veth pair. The switch carries every
// frame (TCP, UDP, anything on IPv4) by the rules of its directed link; fabric.h says what they do
// to a frame. It has a thread of its own, and holds the rules' mutex while frames pass: when a call
// of LinkRules has returned, no frame passes that the rules forbid. Surprise: a socket that reports
// an error is a port whose namespace has ended, not a failure.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

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
  /// AF_PACKET, SOCK_RAW, bound to the switch's end. The switch sets its options, and closes it.
  int socket = -1;
};

class Switch {
 public:
  struct Options {
    /// The last TCP frame of each flow that a link lost is delivered when the link opens: TCP
    /// resumes at once, not after its back-off of seconds. It equals a late packet.
    bool releases_last_frames = true;
  };

  /// The rules must outlive the switch. Throws std::system_error if a socket is no packet socket.
  Switch(LinkRules& rules, const std::vector<SwitchPort>& ports, Options options);
  ~Switch();
  Switch(const Switch&) = delete;
  Switch& operator=(const Switch&) = delete;

  LinkStatistics statistics(Link link) const;
  LinkStatistics total() const;
  /// Frames to addresses where nothing stands and to ports whose namespace has ended, and frames
  /// that came faster than the switch could take them.
  std::uint64_t undeliverable_frames() const;
  /// What stood at ports whose namespace has ended.
  std::vector<NodeId> gone() const;
  /// Ends the thread and closes the sockets. The statistics stay.
  void close();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sunder::nemesis
