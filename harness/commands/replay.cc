// sunder replay: carries a failed run out again, several times, and says how often it failed alike;
// or looks for a seed with which it fails alike in the simulator.

#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/jobs.h"
#include "harness/output.h"
#include "harness/progress_line.h"
#include "harness/shrink/failed_run.h"
#include "harness/shrink/process_trials.h"
#include "harness/shrink/simulated_replay.h"
#include "results/store/folder_lock.h"

namespace sunder::harness::commands {

namespace {

constexpr std::size_t most_lines = 60;

ExitCode replay_on_processes(const shrink::FailedRun& run, unsigned times, unsigned jobs) {
  std::filesystem::create_directories(run.folder / "replay");
  const results::FolderLock lock(run.folder / "replay");
  out::remark("{} times\n", times);
  Watchdog watchdog;
  shrink::ProcessTrials trials(run.folder / "replay", run.signature, jobs, watchdog);
  const bool is_whole = trials.carry_out(run.candidate, times).has_value();
  const auto& tally = trials.ended();
  if (!is_whole) out::print("interrupted after {} of {} runs\n", tally.runs, times);
  out::print("{} of {} runs failed the same way\n", tally.failures, tally.runs);
  if (tally.broken > 0) out::print("{} came to no verdict\n", tally.broken);
  if (tally.failures == 0) return ExitCode::unknown;
  out::print("report: {}\n", (trials.example() / "report.html").string());
  return ExitCode::invalid;
}

ExitCode replay_simulated(const shrink::FailedRun& run, unsigned seeds, unsigned jobs) {
  const results::FolderLock lock(run.folder);
  Watchdog watchdog;
  ProgressLine progress(::isatty(STDERR_FILENO) == 1);
  shrink::SimulatedReplayOptions options;
  options.seeds = seeds;
  options.jobs = jobs;
  options.on_progress = [&progress, seeds](unsigned tried) {
    progress.show(fmt::format("tried {} of {} seeds", tried, seeds));
  };
  const auto replay = shrink::replay_in_simulator(run, options, watchdog);
  for (const auto& difference : replay.differences) out::print("{}\n", difference);
  if (replay.was_interrupted) {
    out::print("interrupted after {} of {} seeds; none of them broke {} the same way\n",
               replay.seeds_tried, seeds, run.signature.property);
    return ExitCode::unknown;
  }
  if (!replay.seed) {
    out::print("not reproduced in the simulator: none of {} seeds broke {} the same way\n",
               replay.seeds_tried, run.signature.property);
    if (replay.broken_otherwise > 0) {
      out::print("{} of them broke something else\n", replay.broken_otherwise);
    }
    return ExitCode::unknown;
  }
  out::print("reproduced in the simulator with seed {}, the first of {} to break {}\n\n",
             *replay.seed, replay.seeds_tried, run.signature.property);
  for (const auto& line : shrink::transcript_of(replay, most_lines)) out::print("{}\n", line);
  out::print("\n");
  for (const auto& line : shrink::violating_steps(replay, run.signature)) out::print("{}\n", line);
  out::print("\ntranscript: {}\nreport:     {}\n", (replay.folder / "transcript.txt").string(),
             (replay.folder / "report.html").string());
  return ExitCode::invalid;
}

}  // namespace

ExitCode replay(const Arguments& arguments) {
  FlagSet flag_set(
      "sunder replay",
      "Repeats a failed run: the same plan, faults and choices of operations.\nReal processes are "
      "not "
      "deterministic, so it counts how often the same check fails.\nWith --simulate it searches "
      "for "
      "a seed with which the same check fails in the simulator.\nThere the same seed always gives "
      "the same run.",
      "RUN [flags]");
  flag_set.value("times", "number of runs", "10", "K")
      .toggle("simulate",
              "use the simulator of sunder's own node; exit code 1 if the same check fails")
      .value("seeds", "with --simulate: try at most this many seeds", "100", "K");
  describe_jobs(flag_set);
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument("sunder replay: name a failed run, such as results/runs/latest");
  }
  if (flags->given("seeds") && !flags->given("simulate")) {
    throw std::invalid_argument("--seeds works only with --simulate");
  }
  if (flags->given("times") && flags->given("simulate")) {
    throw std::invalid_argument("--times does not work with --simulate: use --seeds");
  }
  const auto times = static_cast<unsigned>(flags->integer("times", 1, 10'000));
  const auto seeds = static_cast<unsigned>(flags->integer("seeds", 1, 1'000'000));
  const auto jobs = jobs_from(*flags);
  const auto run = shrink::read_failed_run(flags->words().front());
  out::remark("{}: {}\n", run.signature.property, run.signature.shape);
  return flags->given("simulate") ? replay_simulated(run, seeds, jobs)
                                  : replay_on_processes(run, times, jobs);
}

}  // namespace sunder::harness::commands
