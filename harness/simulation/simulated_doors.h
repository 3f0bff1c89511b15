#pragma once
// How clients and administrators reach simulated nodes: in their words, in simulated time, past the
// network. A node's address is its number.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/driver/raft/connection.h"
#include "harness/simulation/virtual_time.h"
#include "node/simulator/cluster.h"

namespace sunder::harness::simulation {

class SimulatedDoors final : public RaftDoors {
 public:
  /// The references must outlive it.
  SimulatedDoors(const VirtualTime& time, simulator::Cluster& cluster)
      : time_(time), cluster_(cluster) {}

  const nemesis::Timekeeper& time() const override { return time_; }
  std::unique_ptr<RaftConversation> dial(const std::string& address) const override;

  std::vector<std::string> addresses() const;

  void answered(Clients::Connection connection, const client_protocol::Reply& reply);
  /// Whoever waits for its answer hears that the connection broke.
  void went_down(NodeId node);

 private:
  class Conversation;
  struct Waiting {
    NodeId node;
    nemesis::Alarm& alarm;
    RaftAttempt& attempt;
  };

  const VirtualTime& time_;
  simulator::Cluster& cluster_;
  mutable Clients::Connection next_ = 1;
  mutable std::map<Clients::Connection, Waiting> waiting_;
};

}  // namespace sunder::harness::simulation
