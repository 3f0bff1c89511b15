#pragma once
// What the switch does with a frame: finds the port, applies the rules of the directed link by the
// policy of in_flight.h, keeps the connections of TCP. Pure: time is an argument, frames go to an
// Output. The caller holds the rules' mutex.
//
// - A frame to a group (broadcast, multicast) goes to every other port, by the rules of each link.
//   A frame to an address where nothing stands is lost.
// - Drop, duplicate, reorder, corrupt and throttle strike single packets, not frames of 64 KB.
// - A cut and a reset tear the TCP connections between the two ports: both ends get a reset now.
// - A frame that would overfill a link's queue is lost, as in any switch.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "nemesis/network/in_flight.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/link_statistics.h"
#include "nemesis/network/switch/last_lost.h"
#include "nemesis/network/switch/packet.h"
#include "nemesis/network/switch/tcp_flows.h"

namespace sunder::nemesis {

class Fabric {
 public:
  using Time = MessageFates::Clock::time_point;

  struct Port {
    NodeId who;
    MacAddress mac{};
  };
  /// Ports are numbered as they were given.
  class Output {
   public:
    virtual ~Output() = default;
    /// The frame is the one that `receive` was called with.
    virtual void pass(std::size_t port, FrameView frame) = 0;
    virtual void send(std::size_t port, std::shared_ptr<const Frame> frame) = 0;
  };

  /// The references must outlive the fabric.
  Fabric(LinkRules& rules, const std::vector<Port>& ports, bool releases_last_frames,
         Output& output);

  /// The frame came in at the port.
  void receive(std::size_t port, FrameView frame, Time now);
  void deliver_due(Time now);
  std::optional<Time> next_due() const;

  void rules_changed(Link link, Time now);
  void reset(Link link);
  /// Frames to it are lost from then on.
  void port_has_gone(std::size_t port);
  bool has_gone(std::size_t port) const { return has_gone_[port]; }
  /// Frames that could not be received or sent.
  void count_undeliverable(std::uint64_t frames) { undeliverable_ += frames; }

  /// Of a link between two ports.
  const LinkStatistics& statistics(Link link) const;
  LinkStatistics total() const;
  std::uint64_t undeliverable() const { return undeliverable_; }

 private:
  using Message = std::shared_ptr<const Frame>;

  struct Carrier {
    Link link;
    std::size_t from_port;
    std::size_t to_port;
    /// Whose number is lower speaks first.
    Side sender;
    TcpFlows& flows;
    InFlight<Message> in_flight;
    LastLost last_lost{};
    LinkStatistics statistics{};
    /// No rule and nothing on its way: frames pass at once.
    bool is_open = true;
    bool was_cut = false;
    bool was_lossy = false;
  };
  /// What is in the frame.
  struct Contents {
    std::optional<Ipv4Packet> packet;
    std::optional<TcpSegment> tcp;
  };

  static Contents contents_of(FrameView frame);
  Carrier* find(Link link);
  void carry(Carrier& carrier, FrameView frame, const Contents& contents, Time now);
  void judge(Carrier& carrier, FrameView frame, Time now);
  void enqueue(Carrier& carrier, const Message& message, Time now);
  void deliver_due(Carrier& carrier, Time now);
  void lose(Carrier& carrier, FrameView frame);
  void note_delivery(Carrier& carrier, FrameView frame, const Contents& contents);
  void send(const Carrier& carrier, const TcpReset& reset);
  void tear_all(Carrier& carrier);
  void release_last_lost(Carrier& carrier, Time now);

  LinkRules& rules_;
  std::vector<Port> ports_;
  std::vector<bool> has_gone_;
  bool releases_last_frames_;
  Output& output_;
  /// By the lower port, then the higher one.
  std::map<Link, TcpFlows> flows_;
  /// By `from` port, then `to` port; null from a port to itself.
  std::vector<std::unique_ptr<Carrier>> carriers_;
  /// Those with frames on their way.
  std::set<std::size_t> busy_;
  std::uint64_t undeliverable_ = 0;
};

}  // namespace sunder::nemesis
