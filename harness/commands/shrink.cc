// sunder shrink: from a failed run to the few faults that it takes.

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/jobs.h"
#include "harness/output.h"
#include "harness/shrink/process_trials.h"
#include "harness/shrink/shrinker.h"
#include "results/shell_words.h"
#include "results/store/folder_lock.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using shrink::Shrunk;

std::string_view how_it_ended(shrink::Ending ending) {
  switch (ending) {
    case shrink::Ending::smallest:
      return "no further reduction still fails";
    case shrink::Ending::out_of_time:
      return "the time was up; --budget gives it more";
    case shrink::Ending::interrupted:
      return "interrupted; the same command continues";
    case shrink::Ending::not_reproduced:
      break;
  }
  return "the run itself did not fail again";
}

/// From this one on, if there are as many.
std::string five_seeds(std::uint64_t first) {
  first = std::min(first, std::numeric_limits<std::uint64_t>::max() - 4);
  return fmt::format("{}..{}", first, first + 4);
}

/// What a campaign holds for ever: the schedule, played with five seeds.
nlohmann::ordered_json regression_spec(const Shrunk& shrunk) {
  const auto& plan = shrunk.candidate.plan;
  const auto mutant = plan.mutant.empty() ? "none" : plan.mutant;
  return {{"name", "regression"},
          {"systems", {system_text(plan)}},
          {"workloads", {plan.workload}},
          {"nemeses", {"@schedule.json"}},
          {"mutants", {mutant}},
          {"seeds", five_seeds(plan.seed)},
          {"nodes", plan.nodes},
          {"time_limit", to_text(plan.time_limit)},
          {"flags", fmt::format("--concurrency {} --keys {}", plan.concurrency, plan.keys)}};
}

void present(const shrink::FailedRun& run, const Shrunk& shrunk, const fs::path& folder,
             const fs::path& example) {
  results::write_whole_file(folder / "schedule.json",
                            nemesis::to_json(shrunk.candidate.schedule).dump(2) + "\n");
  results::write_whole_file(folder / "regression.json", regression_spec(shrunk).dump(2) + "\n");
  Plan plan = shrunk.candidate.plan;
  plan.schedule_file = (folder / "schedule.json").string();
  out::print("{}\n\n", sentence_of(shrunk, run.signature));
  out::print("  faults   {} of {}\n", shrunk.candidate.schedule.faults.size(),
             run.candidate.schedule.faults.size());
  out::print("  time     {} of {}\n", to_text(plan.time_limit),
             to_text(run.candidate.plan.time_limit));
  out::print("  clients  {} of {}, {} keys of {}, {} nodes of {}\n", plan.concurrency,
             run.candidate.plan.concurrency, plan.keys, run.candidate.plan.keys, plan.nodes,
             run.candidate.plan.nodes);
  const auto& after = shrunk.after;
  out::print("  fails    {}before {} of {} times\n",
             after.runs == 0 ? "" : fmt::format("{} of {} times, ", after.failures, after.runs),
             shrunk.before.failures, shrunk.before.runs);
  out::print("  took     {} s: {}\n\n", shrunk.took.count(), how_it_ended(shrunk.ending));
  out::print("again:      {}\n", command_line(plan));
  out::print("for ever:   sunder campaign {}\n",
             results::shell_word((folder / "regression.json").string()));
  if (!example.empty()) out::print("report:     {}\n", (example / "report.html").string());
}

}  // namespace

ExitCode shrink(const Arguments& arguments) {
  FlagSet flag_set(
      "sunder shrink",
      "Finds the fewest faults, the shortest run and the fewest clients, keys and nodes with which "
      "a "
      "failed run still fails.\nThe same command again continues an interrupted search.",
      "RUN [flags]");
  flag_set.value("budget", "how long the search may take", "10m", "TIME")
      .value("folder", "folder for its trials and its result (default: RUN/shrunk)", "", "DIR");
  describe_jobs(flag_set);
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument("sunder shrink: name a failed run, such as results/runs/latest");
  }
  const auto budget = flags->duration("budget", 1s, 24h);
  const auto jobs = jobs_from(*flags);
  const auto run = shrink::read_failed_run(flags->words().front());
  const fs::path folder =
      flags->given("folder") ? fs::path(flags->text("folder")) : run.folder / "shrunk";
  fs::create_directories(folder);
  const results::FolderLock lock(folder);
  out::remark("{}: {}\n", run.signature.property, run.signature.shape);
  Watchdog watchdog;
  ProgressLine progress(::isatty(STDERR_FILENO) == 1);
  shrink::ProcessTrials trials(folder, run.signature, jobs, watchdog);
  shrink::Shrinker shrinker(run, folder, budget, trials, progress);
  const auto shrunk = shrinker.shrink();
  if (shrunk.ending == shrink::Ending::not_reproduced) {
    out::print("{} of {} runs failed the same way: too few to shrink\n", shrunk.before.failures,
               shrunk.before.runs);
    return ExitCode::unknown;
  }
  if (shrunk.before.failures == 0) {
    out::print("the run did not fail again before that: {}\n", how_it_ended(shrunk.ending));
    return ExitCode::unknown;
  }
  out::is_also_in(folder / "shrink.json");
  present(run, shrunk, fs::canonical(folder), trials.example());
  return ExitCode::invalid;
}

}  // namespace sunder::harness::commands
