#pragma once
// One run in simulated time: the plan's nodes, clients and faults in one thread, all chance from
// one seed, so that the same seed gives the same run to the letter. It leaves what a real run
// leaves (history, traces, the wire, disks), to be judged by the same code, and a transcript.
// Invariant: whatever ends it, what was written is whole lines.

#include <cstdint>
#include <memory>
#include <string>

#include "harness/plan.h"
#include "nemesis/schedule/schedule.h"
#include "results/store/run_store.h"

namespace sunder::harness::simulation {

class SimulatedRun {
 public:
  /// The references must outlive it. Files in the store's folder must not be there yet.
  SimulatedRun(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
               std::uint64_t seed);
  ~SimulatedRun();
  SimulatedRun(const SimulatedRun&) = delete;
  SimulatedRun& operator=(const SimulatedRun&) = delete;

  /// Throws std::runtime_error if no node led in the beginning, and what a node threw at work.
  void conduct();

  /// A node at work is about to take this process with it: the history says which, and all that is
  /// left to be written is. False if none is at work.
  bool node_is_ending(const std::string& how);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Where a run's transcript is.
std::filesystem::path transcript_path(const results::RunStore& store);

}  // namespace sunder::harness::simulation
