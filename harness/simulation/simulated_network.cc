#include "harness/simulation/simulated_network.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "node/net/message_codec.h"

namespace sunder::harness::simulation {

using namespace std::chrono_literals;
using nemesis::Link;
using nemesis::MessageFates;

SimulatedNetwork::SimulatedNetwork(simulator::EventQueue& events, simulator::Dice& dice,
                                   nemesis::LinkRules& rules, simulator::Cluster& cluster,
                                   nemesis::WatchFrames watch)
    : events_(events), dice_(dice), rules_(rules), cluster_(cluster), watch_(std::move(watch)) {
  rules_.listen(this);
  cluster_.on_send = [this](const raft::Message& message) { send(message); };
}

SimulatedNetwork::~SimulatedNetwork() {
  rules_.listen(nullptr);
  cluster_.on_send = {};
}

void SimulatedNetwork::rules_changed(Link link) {
  if (rules_.is_cut(link)) reset(link);
}

void SimulatedNetwork::send(const raft::Message& message) {
  const Link link{static_cast<int>(message.from.value), static_cast<int>(message.to.value)};
  const auto frame = encode_message(message);
  const auto type = parse_frame_header(frame).type;
  const auto payload = std::string_view(frame).substr(frame_header_bytes);
  if (const auto sent = nemesis::parse_sent_frame(link, type, payload)) watch_(*sent);
  if (rules_.is_blocked(link) || rules_.is_cut(link)) return;
  auto& wire = wires_[link];
  wire.busy_until = std::max(wire.busy_until, events_.now() + dice_.between(50us, 500us));
  std::vector<MessageFates::Arrival> arrivals{
      {MessageFates::Clock::time_point(wire.busy_until), std::nullopt}};
  if (auto* fates = rules_.fates(link)) {
    arrivals = fates->decide(type, frame.size(), arrivals.front().when);
  }
  for (const auto& arrival : arrivals) {
    if (arrival.corrupted_byte) continue;
    events_.after(arrival.when.time_since_epoch() - events_.now(),
                  [this, message, link, connection = wire.connection] {
                    if (wires_[link].connection == connection) cluster_.deliver(message);
                  });
  }
}

}  // namespace sunder::harness::simulation
