#pragma once
// The system under test on this machine: its driver, the nodes' processes, the network between
// them, and who leads. Of systems that trace the traces say who leads; the nodes of others are
// asked (status_watch.h).

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/namespaces/namespaces.h"
#include "harness/plan.h"
#include "harness/process/loopback_block.h"
#include "harness/run/node_processes.h"
#include "harness/run/peer_network.h"
#include "harness/run/run_reports.h"
#include "harness/run/status_watch.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::harness {

class Deployment {
 public:
  /// What a real run is made of. The references must outlive the deployment.
  struct Context {
    boost::asio::io_context& io;
    const Plan& plan;
    const nemesis::Schedule& schedule;
    const results::RunStore& store;
    Watchdog& watchdog;
    const RunClock& clock;
    RunReports& reports;
  };
  struct Callbacks {
    /// A node ended although sunder did not kill it.
    std::function<void(NodeId node, const std::string& how)> on_crash;
    std::function<void(const nemesis::Observation& seen)> on_observation;
    /// What is_ready() returns may have changed.
    std::function<void()> on_status;
  };

  Deployment(const Context& context, Callbacks callbacks);
  ~Deployment();
  Deployment(const Deployment&) = delete;
  Deployment& operator=(const Deployment&) = delete;

  const Driver& driver() const { return *driver_; }
  NodeProcesses& nodes() { return nodes_; }
  const NodeProcesses& nodes() const { return nodes_; }
  nemesis::LinkRules& links() { return links_; }

  void start();
  /// Where nodes trace, one of them has become leader; else all answer that they are ready.
  bool is_ready() const;
  /// Carries out what the system needs once, when it is ready.
  boost::asio::awaitable<void> set_up();

  /// For a user who inspects the nodes: stops all processes with SIGSTOP; returns "n1 pid 71, ...".
  std::string freeze();
  void thaw();

  /// After the last client is gone.
  boost::asio::awaitable<void> stop();
  /// After stop(): what the files of the nodes hold.
  boost::asio::awaitable<void> inspect();
  /// Nothing keeps the io_context running from here on.
  void close();

 private:
  void start_next();
  void on_status(NodeId node, const NodeStatus& status);
  void spawn(boost::asio::awaitable<void> part);

  Context context_;
  Callbacks callbacks_;
  LoopbackBlock addresses_;
  nemesis::LinkRules links_;
  /// Null if the nodes do not stand at a switch.
  std::unique_ptr<Namespaces> namespaces_;
  std::unique_ptr<Driver> driver_;
  NodeProcesses nodes_;
  PeerNetwork network_;
  int started_ = 0;
  /// Only of systems that do not trace.
  std::optional<StatusWatch> status_;
};

}  // namespace sunder::harness
