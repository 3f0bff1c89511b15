#pragma once
// The nodes under test as running processes: launched as the driver says, killed, paused and
// restarted as the nemesis says, their output and traces filed. What a node says and that it ended
// without having been killed is told at once, before anything else happens.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json_fwd.hpp>
#include <sys/types.h>

#include "harness/driver/driver.h"
#include "harness/process/child_process.h"
#include "harness/run/trace_file.h"
#include "nemesis/cluster_control.h"
#include "nemesis/schedule/observation.h"
#include "results/store/run_store.h"

namespace sunder::harness {

class NodeProcesses final : public nemesis::ClusterControl {
 public:
  struct Listener {
    std::function<void(nemesis::NodeNumber node, std::string how)> crashed;
    std::function<void(const nemesis::Observation& observation)> observed;
    /// What a node's disk has done.
    std::function<void(nemesis::NodeNumber node, const std::string& order,
                       const nlohmann::json& reply)>
        disk_obeyed;
    /// What a node's clock shows since it was set.
    std::function<void(nemesis::NodeNumber node, const nemesis::ClockSetting& shown)> clock_set;
  };
  /// On faulty ones each node's folder is a mount (node_disk.h).
  enum class Disks { ordinary, faulty };
  /// Settable ones may take what changes the programs under test, so only if they are to be set.
  enum class Clocks { as_they_are, settable };

  NodeProcesses(boost::asio::io_context& io, Watchdog& watchdog, const Driver& driver,
                const results::RunStore& store, Disks disks, Clocks clocks, Listener listener);
  ~NodeProcesses() override;

  int node_count() const override { return static_cast<int>(nodes_.size()); }
  std::optional<nemesis::NodeNumber> leader() const override;
  void kill(nemesis::NodeNumber node) override;
  void start(nemesis::NodeNumber node) override;
  void pause(nemesis::NodeNumber node) override;
  void resume(nemesis::NodeNumber node) override;
  void empty_disk(nemesis::NodeNumber node) override;
  bool has_faulty_disks() const override { return disks_ == Disks::faulty; }
  void order_disk(nemesis::NodeNumber node, std::string order) override;
  bool has_settable_clocks() const override;
  bool has_settable_clock_rates() const override;
  void set_clock(nemesis::NodeNumber node, const nemesis::ClockSetting& setting) override;
  nemesis::Administrator* administrator() override { return administrator_.get(); }

  /// Empty if the node is down.
  std::optional<pid_t> pid(nemesis::NodeNumber node) const;

  /// What somebody who asked has heard of a node without a trace.
  void leads(nemesis::NodeNumber node, std::uint64_t term);
  void leads_no_more(nemesis::NodeNumber node);

  /// The term of leader().
  std::uint64_t term() const { return term_; }

  /// Ends all nodes, asking first, and returns when the last line of their traces is on disk and
  /// nothing is mounted any more.
  boost::asio::awaitable<void> stop();

 private:
  struct Node;

  Node& at(nemesis::NodeNumber node);
  void insert_disk(Node& node);
  void tell_disk(Node& node, const std::string& order);
  void launch(Node& node);
  void launch_if_due(Node& node);
  void exited(Node& node, const std::string& how);
  TraceFile& trace_of(Node& node);
  void heard(Node& node, std::string_view line);
  bool all_ended() const;
  boost::asio::awaitable<bool> ended_within(std::chrono::milliseconds patience);

  boost::asio::io_context& io_;
  Watchdog& watchdog_;
  const Driver& driver_;
  const results::RunStore& store_;
  Disks disks_;
  Listener listener_;
  std::unique_ptr<nemesis::Administrator> administrator_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::optional<nemesis::NodeNumber> leader_;
  std::uint64_t term_ = 0;
  bool stopping_ = false;
};

}  // namespace sunder::harness
