#include "harness/shrink/simulated_replay.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <future>
#include <set>
#include <sstream>
#include <stdexcept>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/judge/judge.h"
#include "harness/judge/run_report.h"
#include "harness/process/programs.h"
#include "nemesis/schedule/description.h"
#include "nemesis/schedule/fault_kind.h"
#include "results/report/fault_window.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::harness::shrink {

namespace fs = std::filesystem;
using results::RunStore;

namespace {

constexpr std::string_view simulator = "sunder-simulator";

/// The kinds that are still played.
std::vector<std::string> kinds_of(const nemesis::Schedule& schedule) {
  std::set<std::string> kinds;
  for (const auto& fault : schedule.faults) kinds.emplace(nemesis::nemesis_of(fault));
  return {kinds.begin(), kinds.end()};
}

struct Attempt {
  fs::path folder;
  checker::Verdict verdict;
  bool is_alike = false;
  std::string said;
};

/// One seed, judged.
Attempt simulate(const Candidate& candidate, const results::Signature& signature,
                 const fs::path& place, std::uint64_t seed) {
  const auto store = RunStore::create(place, fmt::format("seed-{}", seed), candidate.plan.seed,
                                      std::chrono::system_clock::now());
  store.write_plan(to_json(candidate.plan).dump(2) + "\n");
  store.write_schedule(nemesis::to_json(candidate.schedule).dump(2) + "\n");
  const auto end = run_program(programs_folder() / simulator,
                               {store.folder().string(), fmt::format("{}", seed)});
  if (end.exit_code != 0) {
    throw std::runtime_error(
        fmt::format("{} failed with seed {}: exit code {}", simulator, seed, end.exit_code));
  }
  const auto judgement = judge_run(store, {});
  Attempt attempt{store.folder(), judgement.verdict,
                  results::is_broken_alike(judgement.verdict, signature), end.output};
  if (attempt.is_alike) {
    store.write_verdict(results::to_verdict_json({judgement.verdict, judgement.statistics}));
    store.write_report(draw_report(store, judgement));
  }
  return attempt;
}

/// Several seeds at a time, in their order.
std::vector<Attempt> simulate_some(const Candidate& candidate, const results::Signature& signature,
                                   const fs::path& place, std::uint64_t first_seed,
                                   unsigned count) {
  std::vector<std::future<Attempt>> under_way;
  for (unsigned i = 0; i < count; ++i) {
    under_way.push_back(std::async(std::launch::async, simulate, std::cref(candidate),
                                   std::cref(signature), std::cref(place), first_seed + i));
  }
  std::vector<Attempt> attempts;
  for (auto& each : under_way) attempts.push_back(each.get());
  return attempts;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void require_simulator(const Plan& plan) {
  if (plan.system != "raft") {
    throw std::runtime_error(fmt::format(
        "the simulator runs sunder's own node, raft; of {} there is no core to simulate",
        plan.system));
  }
  const auto program = programs_folder() / simulator;
  if (fs::exists(program)) return;
  throw std::runtime_error(fmt::format(
      "the simulator {} is not there: './dev build' makes it, beside sunder", program.string()));
}

/// When the line says that it happened; before everything if it does not.
double seconds_in(const std::string& line) {
  double seconds = 0;
  const auto from = std::min(line.find_first_not_of(' '), line.size());
  std::from_chars(line.data() + from, line.data() + line.size(), seconds);
  return seconds;
}

}  // namespace

std::vector<std::string> leave_out_what_cannot_be_simulated(nemesis::Schedule& schedule) {
  std::set<std::string> left_out;
  std::erase_if(schedule.faults, [&left_out](const nemesis::Fault& fault) {
    if (fault.action.kind().can_be_simulated()) return false;
    left_out.insert(nemesis::describe(fault.action));
    return true;
  });
  return {left_out.begin(), left_out.end()};
}

SimulatedReplay replay_in_simulator(const FailedRun& run, const SimulatedReplayOptions& options) {
  require_simulator(run.candidate.plan);
  SimulatedReplay replay;
  auto candidate = run.candidate;
  for (const auto& kind : leave_out_what_cannot_be_simulated(candidate.schedule)) {
    replay.differences.push_back(fmt::format("left out, for the simulator has none: {}", kind));
  }
  candidate.plan.nemeses = kinds_of(candidate.schedule);
  const auto place = run.folder / "simulating";
  const auto kept = run.folder / "simulated";
  fs::remove_all(place);
  fs::remove_all(kept);
  while (replay.seeds_tried < options.seeds && !replay.seed) {
    const auto count = std::min(options.jobs, options.seeds - replay.seeds_tried);
    const auto first = options.first_seed + replay.seeds_tried;
    const auto attempts = simulate_some(candidate, run.signature, place, first, count);
    for (const auto& attempt : attempts) {
      ++replay.seeds_tried;
      if (replay.seeds_tried == 1) {
        const auto said = lines_of(attempt.said);
        replay.differences.insert(replay.differences.end(), said.begin(), said.end());
      }
      if (attempt.is_alike) {
        replay.seed = options.first_seed + replay.seeds_tried - 1;
        replay.verdict = attempt.verdict;
        replay.folder = kept;
        fs::rename(attempt.folder, kept);
        break;
      }
      if (attempt.verdict.validity == checker::Validity::invalid) ++replay.broken_otherwise;
    }
    fs::remove_all(place);
    options.on_progress(replay.seeds_tried);
  }
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
