#include "nemesis/network/switch/last_lost.h"

namespace sunder::nemesis {

LastLost::Flow LastLost::flow_of(const Ipv4Packet& packet, const TcpSegment& segment) {
  return {{packet.from, segment.from_port}, {packet.to, segment.to_port}};
}

void LastLost::keep(const Ipv4Packet& packet, const TcpSegment& segment, FrameView frame) {
  forget(packet, segment);
  const Flow flow = flow_of(packet, segment);
  kept_.push_back({flow, std::make_shared<const Frame>(frame.begin(), frame.end())});
  by_flow_[flow] = std::prev(kept_.end());
  bytes_ += frame.size();
  while (bytes_ > most_bytes_) remove(kept_.begin());
}

void LastLost::forget(const Ipv4Packet& packet, const TcpSegment& segment) {
  const auto found = by_flow_.find(flow_of(packet, segment));
  if (found != by_flow_.end()) remove(found->second);
}

void LastLost::remove(std::list<Kept>::iterator kept) {
  bytes_ -= kept->frame->size();
  by_flow_.erase(kept->flow);
  kept_.erase(kept);
}

std::vector<std::shared_ptr<const Frame>> LastLost::take() {
  std::vector<std::shared_ptr<const Frame>> frames;
  for (auto& kept : kept_) frames.push_back(std::move(kept.frame));
  kept_.clear();
  by_flow_.clear();
  bytes_ = 0;
  return frames;
}

}  // namespace sunder::nemesis
