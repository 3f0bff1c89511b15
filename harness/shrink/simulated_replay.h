#pragma once
// A failed run in the simulator, where a seed repeats it exactly: seeds are tried
// (harness/seeds/simulator_program.h) until one breaks the same property in the same way.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/verdict.h"
#include "harness/process/watchdog.h"
#include "harness/shrink/failed_run.h"

namespace sunder::harness::shrink {

struct SimulatedReplay {
  unsigned seeds_tried = 0;
  bool was_interrupted = false;
  /// The first that broke the same; empty if none did.
  std::optional<std::uint64_t> seed;
  /// That run, with its transcript and report.
  std::filesystem::path folder;
  checker::Verdict verdict;
  /// Of the seeds before it: what else was broken, and how often.
  unsigned broken_otherwise = 0;
  /// What is not as it was on processes, one sentence each.
  std::vector<std::string> differences;
};

struct SimulatedReplayOptions {
  std::uint64_t first_seed = 1;
  unsigned seeds = 100;
  unsigned jobs = 1;
  /// Told how many were tried.
  std::function<void(unsigned tried)> on_progress = [](unsigned) {};
};

/// Throws std::runtime_error if the system is not the project's own node or the simulator fails.
/// The watchdog removes what is half made if sunder is killed.
SimulatedReplay replay_in_simulator(const FailedRun& run, const SimulatedReplayOptions& options,
                                    Watchdog& watchdog);

/// The lines of its transcript up to the moment when it broke, but no more than `most`: the last
/// ones, with a word on what is left out before them.
std::vector<std::string> transcript_of(const SimulatedReplay& replay, std::size_t most);

/// Of the broken property: what was seen when, the latest last.
std::vector<std::string> violating_steps(const SimulatedReplay& replay,
                                         const results::Signature& signature);

}  // namespace sunder::harness::shrink
