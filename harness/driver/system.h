#pragma once
// What sunder must know of a system to test it.

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "harness/driver/unsupported_faults.h"
#include "harness/plan.h"
#include "harness/process/loopback_block.h"
#include "harness/process/watchdog.h"
#include "harness/run/run_clock.h"
#include "nemesis/network/link_rules.h"

namespace sunder::harness {

/// What a driver may use.
struct Surroundings {
  boost::asio::io_context& io;
  nemesis::LinkRules& links;
  const LoopbackBlock& addresses;
  const RunClock& clock;
  Watchdog& watchdog;
  /// The run's, for what is neither a node's folder nor its log.
  std::filesystem::path folder;
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
  /// The nodes say what happens inside them, so that the five Raft properties can be judged.
  bool traces;
  /// Else: asked, they say in which role and term they are.
  bool says_roles;
  /// Peers could find a way round the proxy.
  bool has_doors;
  /// Kinds of faults that cannot take effect on it.
  std::span<const UnsupportedFault> unsupported;
  std::span<const SystemOption> options;
  /// Nodes of which a majority is up and connected get a leader, whatever befalls the others.
  bool (*keeps_answering)(const Plan& plan);
  /// Throws std::runtime_error naming the program that is missing and how to get it.
  void (*require_programs)(const Plan& plan);
  /// The references must outlive the driver.
  std::unique_ptr<Driver> (*make_driver)(const Plan& plan, const Surroundings& surroundings);
};

}  // namespace sunder::harness
