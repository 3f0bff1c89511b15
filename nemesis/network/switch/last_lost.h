#pragma once
// The last TCP frame of each flow that a link lost. TCP sends again after a back-off that doubles
// with each loss, so a flow that was cut off for ten seconds would resume seconds after the heal.
// If the last lost frame arrives late instead, its answer makes the sender go on at once. Memory is
// bounded: what was lost first is forgotten.

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "nemesis/network/switch/packet.h"
#include "nemesis/network/switch/tcp_flows.h"

namespace sunder::nemesis {

class LastLost {
 public:
  explicit LastLost(std::size_t most_bytes = std::size_t{4} << 20) : most_bytes_(most_bytes) {}

  void keep(const Ipv4Packet& packet, const TcpSegment& segment, FrameView frame);
  /// A later frame of the flow passed.
  void forget(const Ipv4Packet& packet, const TcpSegment& segment);
  bool empty() const { return kept_.empty(); }
  /// In the order in which they were lost; none is left here.
  std::vector<std::shared_ptr<const Frame>> take();

 private:
  using Flow = std::pair<TcpEnd, TcpEnd>;
  struct Kept {
    Flow flow;
    std::shared_ptr<const Frame> frame;
  };

  static Flow flow_of(const Ipv4Packet& packet, const TcpSegment& segment);
  void remove(std::list<Kept>::iterator kept);

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::list<Kept> kept_;
  std::map<Flow, std::list<Kept>::iterator> by_flow_;
};

}  // namespace sunder::nemesis
