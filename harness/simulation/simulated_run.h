#pragma once
// One run in simulated time: the plan's nodes, clients and faults in one thread. All chance comes
// from one seed, so that the same seed gives the same run to the letter. It leaves what a real run
// leaves (history, traces, the wire, disks) in a log, to be judged by the same code.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "harness/plan.h"
#include "harness/simulation/run_log.h"
#include "nemesis/schedule/schedule.h"
#include "node/parts.h"

namespace sunder::harness::simulation {

class SimulatedRun {
 public:
  /// The references must outlive it. `make_parts` replaces the parts of a node that the plan names.
  SimulatedRun(const Plan& plan, const nemesis::Schedule& schedule, RunLog& log, std::uint64_t seed,
               const std::optional<MakeParts>& make_parts = {});
  ~SimulatedRun();
  SimulatedRun(const SimulatedRun&) = delete;
  SimulatedRun& operator=(const SimulatedRun&) = delete;

  /// Throws std::runtime_error if no node led in the beginning, and what a node threw at work.
  void conduct();

  /// A node at work is about to end this process: the history gets a crash of the node, and the log
  /// is flushed. False if no node is at work.
  bool node_is_ending(const std::string& how);

  /// Simulated time since the start.
  std::chrono::nanoseconds time() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sunder::harness::simulation
