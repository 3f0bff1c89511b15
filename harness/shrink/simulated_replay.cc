#include "harness/shrink/simulated_replay.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>

#include <fmt/format.h>

#include "harness/judge/judge.h"
#include "harness/judge/presentation.h"
#include "harness/judge/run_report.h"
#include "harness/seeds/simulator_program.h"
#include "results/campaign/signature.h"
#include "results/store/run_store.h"

namespace sunder::harness::shrink {

namespace fs = std::filesystem;
using results::RunStore;

namespace {

/// Conducts the seed's run again into `simulated/`, in the place of one that is there.
fs::path keep(const seeds::TrialSpec& spec, std::uint64_t seed, const fs::path& folder,
              Watchdog& watchdog) {
  auto kept = folder / "simulated";
  const auto making = folder / "simulating";
  watchdog.guard_folder(making);
  fs::remove_all(making);
  fs::remove_all(kept);
  const auto store = RunStore::create(making, "run", seed, std::chrono::system_clock::now());
  seeds::keep_seed(spec, seed, store);
  const auto judgement = judge_run(store, {});
  store.write_verdict(verdict_json_of(judgement));
  store.write_report(draw_report(store, judgement));
  fs::rename(store.folder(), kept);
  fs::remove_all(making);
  watchdog.release_folder(making);
  return kept;
}

/// When the line says that it happened; before everything if it does not.
double seconds_in(const std::string& line) {
  double seconds = 0;
  const auto from = std::min(line.find_first_not_of(' '), line.size());
  std::from_chars(line.data() + from, line.data() + line.size(), seconds);
  return seconds;
}

}  // namespace

SimulatedReplay replay_in_simulator(const FailedRun& run, const SimulatedReplayOptions& options,
                                    Watchdog& watchdog) {
  seeds::TrialSpec spec;
  spec.plan = run.candidate.plan;
  spec.schedule = run.candidate.schedule;
  seeds::require_simulator(spec.plan);
  SimulatedReplay replay;
  for (const auto& kind : seeds::leave_out_what_cannot_be_simulated(*spec.schedule)) {
    replay.differences.push_back(
        fmt::format("the simulator leaves out faults that it has not: {}", kind));
  }
  const seeds::SeedRange range{options.first_seed, options.first_seed + options.seeds - 1};
  const auto ended =
      seeds::try_seeds(spec, range, options.jobs, [&](const seeds::SeedResult& result) {
        options.on_progress(++replay.seeds_tried);
        if (results::is_broken_alike(result.verdict, run.signature)) {
          replay.seed = result.seed;
          replay.verdict = result.verdict;
        } else if (result.is_broken()) {
          ++replay.broken_otherwise;
        }
        return !replay.seed;
      });
  replay.was_interrupted = ended == seeds::SeedsEnd::interrupted;
  if (replay.seed) replay.folder = keep(spec, *replay.seed, run.folder, watchdog);
  return replay;
}

std::vector<std::string> transcript_of(const SimulatedReplay& replay, std::size_t most) {
  const auto store = RunStore::open(replay.folder);
  const auto violation = results::violation_of(replay.verdict, {});
  std::ifstream file(store.folder() / "transcript.txt");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    const bool is_behind = violation && violation->at &&
                           seconds_in(line) > history::seconds_of(*violation->at) + 0.0001;
    if (is_behind) break;
    lines.push_back(line);
  }
  if (lines.size() <= most) return lines;
  const auto left_out = lines.size() - most;
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(left_out));
  lines.insert(lines.begin(), fmt::format("{:>10}  ... {} lines before", "", left_out));
  return lines;
}

std::vector<std::string> violating_steps(const SimulatedReplay& replay,
                                         const results::Signature& signature) {
  std::vector<std::string> steps;
  for (const auto& check : replay.verdict.checks) {
    if (check.name != signature.property) continue;
    auto evidence = check.evidence;
    std::stable_sort(evidence.begin(), evidence.end(),
                     [](const auto& one, const auto& other) { return one.time < other.time; });
    for (const auto& each : evidence) {
      steps.push_back(fmt::format("{:>8.4f} s  {}", history::seconds_of(each.time), each.what));
    }
    steps.push_back(
        fmt::format("{:>10}  ✕ {}: {}", "", check.name,
                    check.counterexample ? check.counterexample->sentence : check.message));
    break;
  }
  return steps;
}

}  // namespace sunder::harness::shrink
