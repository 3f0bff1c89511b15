#include "nemesis/network/switch/tcp_flows.h"

#include <utility>

namespace sunder::nemesis {
namespace {

std::size_t position(Side side) {
  return static_cast<std::size_t>(side);
}

// Sequence numbers wrap around.
bool is_after(std::uint32_t left, std::uint32_t right) {
  return static_cast<std::int32_t>(left - right) > 0;
}

}  // namespace

TcpFlows::Key TcpFlows::key_of(Side sender, const Ipv4Packet& packet, const TcpSegment& segment) {
  Key key;
  key[position(sender)] = {packet.from, segment.from_port};
  key[position(other(sender))] = {packet.to, segment.to_port};
  return key;
}

TcpFlows::Flow& TcpFlows::at(const Key& key) {
  if (const auto found = recent_.find(key); found != recent_.end()) return found->second;
  if (recent_.size() >= most_flows_) silent_ = std::exchange(recent_, {});
  auto known = silent_.extract(key);
  if (known.empty()) return recent_[key];
  return recent_.insert(std::move(known)).position->second;
}

std::optional<TcpReset> TcpFlows::sent(Side sender, const Ipv4Packet& packet,
                                       const TcpSegment& segment) {
  const Key key = key_of(sender, packet, segment);
  Flow& flow = at(key);
  const bool opens = segment.has(TcpSegment::syn) && !segment.has(TcpSegment::ack_flag);
  End& end = flow.ends[position(sender)];
  if (opens && (flow.is_torn || end.next != segment.next)) flow = {};
  const bool is_reset = segment.has(TcpSegment::rst);
  if (!end.next || is_after(segment.next, *end.next)) end.next = segment.next;
  if (segment.has(TcpSegment::ack_flag) && !is_reset) end.expects = segment.acknowledged;
  if (segment.has(TcpSegment::fin)) end.has_finished = true;
  if (!flow.is_torn) return std::nullopt;
  TcpReset reset{sender, key[position(other(sender))], key[position(sender)], segment.acknowledged,
                 segment.next};
  return is_reset ? std::nullopt : std::optional(reset);
}

void TcpFlows::delivered(Side sender, const Ipv4Packet& packet, const TcpSegment& segment) {
  Flow& flow = at(key_of(sender, packet, segment));
  End& receiver = flow.ends[position(other(sender))];
  if (!receiver.given || is_after(segment.next, *receiver.given)) receiver.given = segment.next;
  // Both ends forget the connection.
  if (segment.has(TcpSegment::rst)) flow = {};
}

std::vector<TcpReset> TcpFlows::tear(Side sender, const Ipv4Packet& packet,
                                     const TcpSegment& segment) {
  std::vector<TcpReset> resets;
  if (segment.has(TcpSegment::rst)) return resets;
  const Key key = key_of(sender, packet, segment);
  tear(key, at(key), resets);
  return resets;
}

std::vector<TcpReset> TcpFlows::tear_all() {
  std::vector<TcpReset> resets;
  for (Flows* flows : {&recent_, &silent_}) {
    for (auto& [key, flow] : *flows) tear(key, flow, resets);
  }
  return resets;
}

// An end accepts a reset only at exactly the number that it expects next (RFC 5961). That is what
// it acknowledged last, or the end of what it was given since then: both are tried. An end that
// still waits for the answer to its SYN looks at the acknowledgement.
void TcpFlows::tear(const Key& key, Flow& flow, std::vector<TcpReset>& resets) {
  if (std::exchange(flow.is_torn, true)) return;
  if (flow.ends[0].has_finished && flow.ends[1].has_finished) return;
  for (const Side side : {Side::first, Side::second}) {
    const End& end = flow.ends[position(side)];
    TcpReset reset{side, key[position(other(side))], key[position(side)], 0, end.next.value_or(0)};
    if (end.given) {
      reset.sequence = *end.given;
      resets.push_back(reset);
    }
    if (end.next && (!end.given || end.expects != end.given)) {
      reset.sequence = end.expects.value_or(0);
      resets.push_back(reset);
    }
  }
}

}  // namespace sunder::nemesis
