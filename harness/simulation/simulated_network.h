#pragma once
// The links between simulated nodes: what the proxy is for real ones, with the same policy
// (nemesis/network/in_flight.h). Without faults messages arrive in the order in which they were
// sent, after 0.05 to 0.5 ms. A corrupted message is lost: its receiver would refuse the checksum.

#include <functional>
#include <map>
#include <optional>

#include "nemesis/network/in_flight.h"
#include "nemesis/network/sent_frame.h"
#include "node/raft/message.h"
#include "node/simulator/dice.h"
#include "node/simulator/event_queue.h"

namespace sunder::harness::simulation {

class SimulatedNetwork final : private nemesis::LinkRules::Listener {
 public:
  using Deliver = std::function<void(const raft::Message&)>;

  /// The references must outlive it. `watch` is called for a message before the rules apply to it.
  SimulatedNetwork(simulator::EventQueue& events, simulator::Dice& dice, nemesis::LinkRules& rules,
                   Deliver deliver, nemesis::WatchFrames watch);
  ~SimulatedNetwork() override;
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;

  void send(const raft::Message& message);

 private:
  struct Wire {
    nemesis::InFlight<raft::Message> in_flight;
    /// Without faults nothing arrives before what was sent earlier.
    raft::Time busy_until{0};
    /// The time of the event that delivers next.
    std::optional<raft::Time> armed_for = {};
  };

  Wire& wire(nemesis::Link link);
  void deliver_due(nemesis::Link link);
  nemesis::Framing framing() const override { return nemesis::Framing::frames; }
  void rules_changed(nemesis::Link link) override;
  void reset(nemesis::Link link) override { wire(link).in_flight.lose_all(); }

  simulator::EventQueue& events_;
  simulator::Dice& dice_;
  nemesis::LinkRules& rules_;
  Deliver deliver_;
  nemesis::WatchFrames watch_;
  std::map<nemesis::Link, Wire> wires_;
};

}  // namespace sunder::harness::simulation
