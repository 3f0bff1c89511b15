#pragma once
// The nodes under test as processes: the driver says how to launch them, the nemesis kills, pauses
// and restarts them, their output and traces are filed. Callbacks are called at once: before the
// next line of a trace is read, before a node that ended is started again.

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
#include "harness/namespaces/namespaces.h"
#include "harness/run/condition.h"
#include "harness/run/node_start.h"
#include "harness/run/trace_file.h"
#include "nemesis/cluster_control.h"
#include "nemesis/schedule/observation.h"
#include "nemesis/timekeeper.h"
#include "results/store/run_store.h"

namespace sunder::harness {

class NodeProcesses final : public nemesis::ClusterControl {
 public:
  struct Callbacks {
    /// The node ended and sunder did not kill it.
    std::function<void(NodeId node, const std::string& how)> on_crash;
    std::function<void(const nemesis::Observation& observation)> on_observation;
    std::function<void(NodeId node, const std::string& order, const nlohmann::json& reply)>
        on_disk_reply;
    /// What a node's clock shows after an order to set it.
    std::function<void(NodeId node, const nemesis::ClockSetting& shown)> on_clock_set;
  };
  /// On faulty disks each node's folder is a mount (node_disk.h).
  enum class Disks { ordinary, faulty };
  /// To make clocks settable may change the programs under test: only for schedules that set them.
  enum class Clocks { as_they_are, settable };

  /// With namespaces the nodes are inside.
  NodeProcesses(boost::asio::io_context& io, Watchdog& watchdog, const Driver& driver,
                const results::RunStore& store, const Namespaces* namespaces, Disks disks,
                Clocks clocks, Callbacks callbacks);
  ~NodeProcesses() override;

  int node_count() const override { return static_cast<int>(nodes_.size()); }
  std::optional<NodeId> leader() const override;
  void kill(NodeId node) override;
  void start(NodeId node) override;
  void pause(NodeId node) override;
  void resume(NodeId node) override;
  void empty_disk(NodeId node) override;
  bool has_faulty_disks() const override { return disks_ == Disks::faulty; }
  void order_disk(NodeId node, std::string order) override;
  bool has_settable_clocks() const override;
  bool has_settable_clock_rates() const override;
  void set_clock(NodeId node, const nemesis::ClockSetting& setting) override;
  nemesis::Administrator* administrator() override { return administrator_.get(); }

  /// Empty if the node is down.
  std::optional<pid_t> pid(NodeId node) const;
  /// Of all its processes that sunder started.
  std::vector<pid_t> pids(NodeId node) const;
  /// Of the nodes that run.
  std::vector<pid_t> processes() const;

  /// The leader as reported by StatusWatch (systems without traces).
  void set_leader(NodeId node, std::uint64_t term);
  void clear_leader(NodeId node);

  /// The term of leader().
  std::uint64_t term() const { return term_; }

  /// Ends all nodes: SIGTERM, then SIGKILL. Returns when the last line of their traces is on disk
  /// and nothing is mounted any more.
  boost::asio::awaitable<void> stop();

 private:
  struct Node;

  Node& at(NodeId node);
  void insert_disk(Node& node);
  void tell_disk(Node& node, const std::string& order);
  Launch launch_of(const Node& node, const std::filesystem::path& data) const;
  void launch(Node& node);
  void launch_if_due(Node& node);
  void on_exit(Node& node, const std::string& how);
  TraceFile& trace_of(Node& node);
  void on_trace_line(Node& node, std::string_view line);
  bool all_ended() const;

  boost::asio::io_context& io_;
  Watchdog& watchdog_;
  const Driver& driver_;
  const results::RunStore& store_;
  const Namespaces* namespaces_;
  Disks disks_;
  Callbacks callbacks_;
  nemesis::MachineTime time_;
  /// That all processes have ended.
  Condition ended_;
  std::unique_ptr<nemesis::Administrator> administrator_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::optional<NodeId> leader_;
  std::uint64_t term_ = 0;
  bool stopping_ = false;
};

}  // namespace sunder::harness
