// sunder replay: carries a failed run out again, several times, and says how often it failed alike.

#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/commands/commands.h"
#include "harness/commands/flags.h"
#include "harness/commands/jobs.h"
#include "harness/shrink/failed_run.h"
#include "harness/shrink/trials.h"

namespace sunder::harness::commands {

ExitCode replay(const Arguments& arguments) {
  FlagSet flag_set(
      "sunder replay",
      "Carries a failed run out again: the same plan, the same faults, the same choices "
      "of operations.\nReal processes are not deterministic, so it says how often the "
      "same thing broke.",
      "RUN [flags]");
  flag_set.value("times", "how often", "10", "K");
  describe_jobs(flag_set);
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument("sunder replay: which run? For instance results/runs/latest");
  }
  const auto times = static_cast<unsigned>(flags->integer("times", 1, 10'000));
  const auto jobs = jobs_from(*flags);
  const auto run = shrink::read_failed_run(flags->words().front());
  fmt::print(stderr, "{}: {}\n{} times\n", run.signature.property, run.signature.shape, times);
  Watchdog watchdog;
  shrink::Trials trials(run.folder / "replay", run.signature, jobs, watchdog);
  const auto tally = trials.carry_out(run.candidate, times);
  if (!tally) throw std::runtime_error("interrupted");
  fmt::print("{} of {} runs failed the same way\n", tally->failures, tally->runs);
  if (tally->broken > 0) fmt::print("{} came to no verdict\n", tally->broken);
  if (tally->failures == 0) return ExitCode::unknown;
  fmt::print("report: {}\n", (trials.example() / "report.html").string());
  return ExitCode::invalid;
}

}  // namespace sunder::harness::commands
