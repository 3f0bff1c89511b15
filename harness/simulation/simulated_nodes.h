#pragma once
// A simulated cluster as the nemesis knows one. A kill comes between two steps of the node or, as
// often, in the midst of one, where a real node spends most of its time: then the node lives on for
// that long, and what is ordered of its disk waits.

#include <map>
#include <memory>
#include <string>

#include "harness/simulation/simulated_doors.h"
#include "nemesis/cluster_control.h"
#include "node/simulator/cluster.h"

namespace sunder::harness::simulation {

class SimulatedNodes final : public nemesis::ClusterControl {
 public:
  /// The references must outlive it.
  SimulatedNodes(simulator::EventQueue& events, simulator::Dice& dice, simulator::Cluster& cluster,
                 const SimulatedDoors& doors);

  /// To be told when a node is down.
  void went_down(NodeId node);

  int node_count() const override { return static_cast<int>(cluster_.nodes().size()); }
  std::optional<NodeId> leader() const override;
  void kill(NodeId node) override;
  void start(NodeId node) override;
  void pause(NodeId node) override { cluster_.pause(node); }
  void resume(NodeId node) override { cluster_.resume(node); }
  void empty_disk(NodeId node) override;
  bool has_faulty_disks() const override { return true; }
  /// Of a node that was killed, to lose what was not synced; it can do no other harm.
  void order_disk(NodeId node, std::string order) override;
  bool has_settable_clocks() const override { return true; }
  bool has_settable_clock_rates() const override { return true; }
  void set_clock(NodeId node, const nemesis::ClockSetting& setting) override {
    cluster_.set_clock(node, {setting.rate, setting.ahead});
  }
  nemesis::Administrator* administrator() override { return administrator_.get(); }

 private:
  void obey(NodeId node, const std::string& order);

  simulator::EventQueue& events_;
  simulator::Dice& dice_;
  simulator::Cluster& cluster_;
  std::unique_ptr<nemesis::Administrator> administrator_;
  /// For disks of nodes that are not down yet.
  std::map<NodeId, std::string> orders_;
};

}  // namespace sunder::harness::simulation
