#include "harness/simulation/simulated_network.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "node/net/message_codec.h"

namespace sunder::harness::simulation {

using namespace std::chrono_literals;
using nemesis::Link;
using Clock = nemesis::MessageFates::Clock;

SimulatedNetwork::SimulatedNetwork(simulator::EventQueue& events, simulator::Dice& dice,
                                   nemesis::LinkRules& rules, Deliver deliver,
                                   nemesis::WatchFrames watch)
    : events_(events),
      dice_(dice),
      rules_(rules),
      deliver_(std::move(deliver)),
      watch_(std::move(watch)) {
  rules_.listen(*this);
}

SimulatedNetwork::~SimulatedNetwork() {
  rules_.stop_listening(*this);
}

SimulatedNetwork::Wire& SimulatedNetwork::wire(Link link) {
  return wires_.try_emplace(link, Wire{{rules_, link, nemesis::Traffic::messages}}).first->second;
}

void SimulatedNetwork::rules_changed(Link link) {
  wire(link).in_flight.rules_changed();
  deliver_due(link);
}

void SimulatedNetwork::send(const raft::Message& message) {
  const Link link{message.from, message.to};
  const auto frame = encode_message(message);
  const auto type = parse_frame_header(frame).type;
  const auto payload = std::string_view(frame).substr(frame_header_bytes);
  if (const auto sent = nemesis::parse_sent_frame(link, type, payload)) watch_(*sent);
  auto& wire = this->wire(link);
  wire.busy_until = std::max(wire.busy_until, events_.now() + dice_.between(50us, 500us));
  wire.in_flight.send(message, type, frame.size(), Clock::time_point(wire.busy_until));
  deliver_due(link);
}

void SimulatedNetwork::deliver_due(Link link) {
  auto& wire = this->wire(link);
  while (auto arrival = wire.in_flight.take_due(Clock::time_point(events_.now()))) {
    if (!arrival->is_lost && !arrival->corrupted_byte) deliver_(arrival->message);
  }
  const auto next = wire.in_flight.next_due();
  if (!next || wire.armed_for == next->time_since_epoch()) return;
  wire.armed_for = next->time_since_epoch();
  events_.after(*wire.armed_for - events_.now(), [this, link, due = *wire.armed_for] {
    auto& late = this->wire(link);
    if (late.armed_for != due) return;
    late.armed_for.reset();
    deliver_due(link);
  });
}

}  // namespace sunder::harness::simulation
