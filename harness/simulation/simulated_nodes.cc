#include "harness/simulation/simulated_nodes.h"

#include <stdexcept>
#include <utility>

#include "harness/driver/raft/administrator.h"

namespace sunder::harness::simulation {

SimulatedNodes::SimulatedNodes(simulator::EventQueue& events, simulator::Dice& dice,
                               simulator::Cluster& cluster, const SimulatedDoors& doors)
    : events_(events),
      dice_(dice),
      cluster_(cluster),
      administrator_(make_raft_administrator(doors, doors.addresses())) {}

std::optional<NodeId> SimulatedNodes::leader() const {
  return cluster_.leader();
}

void SimulatedNodes::kill(NodeId node) {
  const bool takes_steps = cluster_.at_work() != node && !cluster_.is_paused(node);
  if (takes_steps && dice_.one_in(2)) {
    cluster_.kill_in_a_step(node);
  } else {
    cluster_.kill(node);
  }
}

// One that has still to die does so now, at the latest behind the step that it is in.
void SimulatedNodes::start(NodeId node) {
  if (cluster_.at_work() == node) {
    events_.after(std::chrono::microseconds(1), [this, node] { start(node); });
    return;
  }
  if (cluster_.is_up(node)) cluster_.kill(node);
  cluster_.start(node);
}

void SimulatedNodes::empty_disk(NodeId node) {
  if (cluster_.is_up(node)) cluster_.kill(node);
  cluster_.replace_disk(node);
}

void SimulatedNodes::order_disk(NodeId node, std::string order) {
  if (cluster_.is_up(node)) {
    orders_[node] = std::move(order);
  } else {
    obey(node, order);
  }
}

void SimulatedNodes::went_down(NodeId node) {
  const auto order = orders_.extract(node);
  if (!order.empty()) obey(node, order.mapped());
}

void SimulatedNodes::obey(NodeId node, const std::string& order) {
  auto& disk = cluster_.disk(node);
  // A simulated disk has no names.
  if (order.starts_with("forget")) {
    disk.lose_power();
  } else if (order.starts_with("tear")) {
    disk.tear();
  } else {
    throw std::logic_error("a simulated disk was told to " + order);
  }
}

}  // namespace sunder::harness::simulation
