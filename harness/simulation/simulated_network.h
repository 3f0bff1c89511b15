#pragma once
// The links between simulated nodes, as the proxy is for real ones: messages arrive in the order
// they were sent, soon, unless the rules of the links say otherwise. A message whose bytes were
// corrupted is lost, since its receiver would notice.

#include <cstdint>
#include <map>

#include "nemesis/network/link_rules.h"
#include "nemesis/network/sent_frame.h"
#include "node/simulator/cluster.h"

namespace sunder::harness::simulation {

class SimulatedNetwork final : private nemesis::LinkRules::Listener {
 public:
  /// Carries the cluster's messages from now on. The references must outlive it; `watch` is told of
  /// messages before they go on.
  SimulatedNetwork(simulator::EventQueue& events, simulator::Dice& dice, nemesis::LinkRules& rules,
                   simulator::Cluster& cluster, nemesis::WatchFrames watch);
  ~SimulatedNetwork() override;
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;

 private:
  struct Wire {
    /// Nothing arrives before what was sent earlier.
    raft::Time busy_until{0};
    /// Counts connections: with one goes what is under way on it.
    std::uint64_t connection = 0;
  };

  void send(const raft::Message& message);
  nemesis::Framing framing() const override { return nemesis::Framing::frames; }
  void rules_changed(nemesis::Link link) override;
  void reset(nemesis::Link link) override { ++wires_[link].connection; }

  simulator::EventQueue& events_;
  simulator::Dice& dice_;
  nemesis::LinkRules& rules_;
  simulator::Cluster& cluster_;
  nemesis::WatchFrames watch_;
  std::map<nemesis::Link, Wire> wires_;
};

}  // namespace sunder::harness::simulation
