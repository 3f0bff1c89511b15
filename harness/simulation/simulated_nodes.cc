#include "harness/simulation/simulated_nodes.h"

#include <stdexcept>

#include "harness/driver/raft_administrator.h"

namespace sunder::harness::simulation {

using nemesis::NodeNumber;

SimulatedNodes::SimulatedNodes(simulator::EventQueue& events, simulator::Cluster& cluster,
                               const SimulatedDoors& doors)
    : events_(events),
      cluster_(cluster),
      administrator_(make_raft_administrator(doors, doors.addresses())) {}

std::optional<NodeNumber> SimulatedNodes::leader() const {
  const auto leader = cluster_.leader();
  return leader ? std::optional(static_cast<NodeNumber>(leader->value)) : std::nullopt;
}

// One that dies in the midst of a step is still to be buried.
void SimulatedNodes::start(NodeNumber node) {
  const auto id = id_of(node);
  if (cluster_.is_up(id)) {
    events_.after(std::chrono::microseconds(1), [this, id] {
      if (!cluster_.is_up(id)) cluster_.start(id);
    });
  } else {
    cluster_.start(id);
  }
}

void SimulatedNodes::order_disk(NodeNumber node, std::string order) {
  auto& disk = cluster_.disk(id_of(node));
  if (order == "forget") {
    disk.lose_power();
  } else if (order.starts_with("tear")) {
    disk.tear();
  } else {
    throw std::logic_error("a simulated disk was told to " + order);
  }
}

}  // namespace sunder::harness::simulation
