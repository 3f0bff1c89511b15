#pragma once
// A simulated cluster as the nemesis knows one.

#include <memory>
#include <string>

#include "harness/simulation/simulated_doors.h"
#include "nemesis/cluster.h"
#include "node/simulator/cluster.h"

namespace sunder::harness::simulation {

class SimulatedNodes final : public nemesis::Cluster {
 public:
  /// The references must outlive it.
  SimulatedNodes(simulator::EventQueue& events, simulator::Cluster& cluster,
                 const SimulatedDoors& doors);

  int node_count() const override { return static_cast<int>(cluster_.nodes().size()); }
  std::optional<nemesis::NodeNumber> leader() const override;
  void kill(nemesis::NodeNumber node) override { cluster_.kill(id_of(node)); }
  void start(nemesis::NodeNumber node) override;
  void pause(nemesis::NodeNumber node) override { cluster_.pause(id_of(node)); }
  void resume(nemesis::NodeNumber node) override { cluster_.resume(id_of(node)); }
  void empty_disk(nemesis::NodeNumber node) override { cluster_.replace_disk(id_of(node)); }
  bool has_faulty_disks() const override { return true; }
  /// Of a node that is down, to lose what was not synced; it can do no other harm.
  void order_disk(nemesis::NodeNumber node, std::string order) override;
  bool has_settable_clocks() const override { return true; }
  bool has_settable_clock_rates() const override { return true; }
  void set_clock(nemesis::NodeNumber node, const nemesis::ClockSetting& setting) override {
    cluster_.set_clock(id_of(node), {setting.rate, setting.ahead});
  }
  nemesis::Administrator* administrator() override { return administrator_.get(); }

 private:
  static NodeId id_of(nemesis::NodeNumber node) { return NodeId{node}; }

  simulator::EventQueue& events_;
  simulator::Cluster& cluster_;
  std::unique_ptr<nemesis::Administrator> administrator_;
};

}  // namespace sunder::harness::simulation
