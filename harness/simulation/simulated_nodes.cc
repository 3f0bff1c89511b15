#include "harness/simulation/simulated_nodes.h"

#include <stdexcept>
#include <utility>

#include "harness/driver/raft/administrator.h"

namespace sunder::harness::simulation {

using nemesis::NodeNumber;

SimulatedNodes::SimulatedNodes(simulator::EventQueue& events, simulator::Dice& dice,
                               simulator::Cluster& cluster, const SimulatedDoors& doors)
    : events_(events),
      dice_(dice),
      cluster_(cluster),
      administrator_(make_raft_administrator(doors, doors.addresses())) {}

std::optional<NodeNumber> SimulatedNodes::leader() const {
  const auto leader = cluster_.leader();
  return leader ? std::optional(static_cast<NodeNumber>(leader->value)) : std::nullopt;
}

void SimulatedNodes::kill(NodeNumber node) {
  const auto id = id_of(node);
  const bool takes_steps = cluster_.at_work() != id && !cluster_.is_paused(id);
  if (takes_steps && dice_.one_in(2)) {
    cluster_.kill_in_a_step(id);
  } else {
    cluster_.kill(id);
  }
}

// One that has still to die does so now, at the latest behind the step that it is in.
void SimulatedNodes::start(NodeNumber node) {
  const auto id = id_of(node);
  if (cluster_.at_work() == id) {
    events_.after(std::chrono::microseconds(1), [this, node] { start(node); });
    return;
  }
  if (cluster_.is_up(id)) cluster_.kill(id);
  cluster_.start(id);
}

void SimulatedNodes::empty_disk(NodeNumber node) {
  const auto id = id_of(node);
  if (cluster_.is_up(id)) cluster_.kill(id);
  cluster_.replace_disk(id);
}

void SimulatedNodes::order_disk(NodeNumber node, std::string order) {
  const auto id = id_of(node);
  if (cluster_.is_up(id)) {
    orders_[id] = std::move(order);
  } else {
    obey(id, order);
  }
}

void SimulatedNodes::went_down(NodeId node) {
  const auto order = orders_.extract(node);
  if (!order.empty()) obey(node, order.mapped());
}

void SimulatedNodes::obey(NodeId node, const std::string& order) {
  auto& disk = cluster_.disk(node);
  if (order == "forget") {
    disk.lose_power();
  } else if (order.starts_with("tear")) {
    disk.tear();
  } else {
    throw std::logic_error("a simulated disk was told to " + order);
  }
}

}  // namespace sunder::harness::simulation
