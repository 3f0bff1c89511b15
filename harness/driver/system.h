#pragma once
// What sunder needs from a system to test it.

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "checker/history/event.h"
#include "harness/driver/driver.h"
#include "harness/driver/unsupported_faults.h"
#include "harness/plan.h"
#include "harness/process/loopback_block.h"
#include "harness/process/watchdog.h"
#include "harness/run/run_clock.h"
#include "nemesis/network/link_rules.h"
#include "workloads/operations.h"

namespace sunder::harness {

class Namespaces;

/// What a driver may use.
struct Surroundings {
  boost::asio::io_context& io;
  nemesis::LinkRules& links;
  const LoopbackBlock& addresses;
  const RunClock& clock;
  Watchdog& watchdog;
  /// The run's, for what is neither a node's folder nor its log.
  std::filesystem::path folder;
  /// The nodes' own network, if they stand at a switch; null if the proxy is between them.
  const Namespaces* namespaces = nullptr;
};

/// Something about a system that --system can change: "raft:pre-vote=off".
struct SystemOption {
  std::string_view name;
  /// "on or off (usually on)"
  std::string_view allowed;
  std::string_view summary;
  bool (*allows)(std::string_view value);
};

struct System {
  std::string_view name;
  std::string_view summary;
  /// The nodes write traces, so that the five Raft properties can be checked.
  bool traces;
  /// Without traces: the nodes report role and term when asked.
  bool says_roles;
  /// Peers could bypass the proxy.
  bool has_doors;
  /// Why its nodes cannot stand at a switch; empty if they can.
  std::string_view no_switch = {};
  /// Where they stand, if it is possible and the user does not say: "proxy" or "switch".
  std::string_view usual_network = proxy_network;
  /// What faults may need and it does not have.
  std::span<const UnsupportedFault> unsupported;
  std::span<const SystemOption> options;
  /// What its clients can be asked for. A workload that needs more is refused.
  workloads::Operations (*operations)(const Plan& plan);
  /// The level of isolation that it promises its transactions; empty if it promises none. Null: it
  /// promises what the workload says.
  std::string (*isolation)(const Plan& plan) = nullptr;
  /// Parameters of the model that judges the workload; null if it has none of its own.
  std::map<std::string, std::string> (*model_parameters)(const Plan& plan) = nullptr;
  /// A majority of nodes that is up and connected elects a leader, whatever the others do.
  bool (*keeps_answering)(const Plan& plan);
  /// A client that waits longer than this has lost its answer, if meanwhile the system answered
  /// other clients of the same node: more than many heartbeats, and less than a client waits for a
  /// silent node. Null: nobody knows how fast the system is, so it is not judged by it.
  history::Time (*answers_within)(const Plan& plan);
  /// Throws std::runtime_error naming the program that is missing and how to get it.
  void (*require_programs)(const Plan& plan);
  /// The references must outlive the driver.
  std::unique_ptr<Driver> (*make_driver)(const Plan& plan, const Surroundings& surroundings);
  /// Why these options cannot be given together, or nothing. Null if all can.
  std::optional<std::string_view> (*conflict)(const std::map<std::string, std::string>& options) =
      nullptr;
};

}  // namespace sunder::harness
