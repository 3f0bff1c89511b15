// sunder simulate: seed after seed in the simulator, each a run that is judged as a real one.

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/jobs.h"
#include "harness/flags/plan_flags.h"
#include "harness/judge/judge.h"
#include "harness/judge/presentation.h"
#include "harness/judge/run_report.h"
#include "harness/output.h"
#include "harness/progress_line.h"
#include "harness/run/environment.h"
#include "harness/seeds/simulator_program.h"
#include "harness/workload_choice.h"
#include "results/shell_words.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

namespace {

using namespace std::chrono_literals;
using checker::Validity;
using seeds::SeedResult;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Of seeds that broke something; of more, only the number is told.
constexpr std::size_t most_kept_runs = 10;

/// The command with the flags that make a seed's run, and that seed.
std::string repeating_command(const Arguments& arguments, std::uint64_t seed) {
  std::string command = "sunder simulate";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto flag = arguments[i].substr(0, arguments[i].find('='));
    const bool has_value_behind = flag == arguments[i];
    if (flag == "--seeds" || flag == "--jobs" || flag == "--budget" || flag == "--runs-dir") {
      if (has_value_behind) ++i;
    } else if (flag != "--fail-fast" && flag != "--json") {
      command += " " + results::shell_word(arguments[i]);
    }
  }
  return fmt::format("{} --seeds {}", command, seed);
}

class Simulate {
 public:
  Simulate(const Arguments& arguments, const Flags& flags)
      : arguments_(arguments),
        runs_dir_(flags.text("runs-dir")),
        fail_fast_(flags.given("fail-fast")),
        prints_json_(flags.given("json")),
        jobs_(jobs_from(flags)) {
    spec_.plan = plan_from(flags);
    require_operations(spec_.plan);
    spec_.nemesis = flags.text("nemesis");
    spec_.draws_nodes = flags.text("nodes").empty();
    spec_.draws_options = true;
    // A schedule may name any node.
    if (!flags.text("schedule").empty() && spec_.draws_nodes) {
      throw std::invalid_argument("--schedule needs --nodes, too");
    }
    spec_.schedule = schedule_file_from(flags, spec_.plan);
    if (flags.given("budget")) {
      budget_ = flags.duration("budget", 100ms, 24h * 365);
    } else {
      range_.last = 100;
    }
    if (!flags.given("seeds")) return;
    const auto range = seeds::parse_seed_range(flags.text("seeds"));
    if (!range) {
      throw std::invalid_argument(
          fmt::format("--seeds {}: seeds are wanted, such as 1..200 or 17", flags.text("seeds")));
    }
    range_ = *range;
  }

  ExitCode run() {
    seeds::require_simulator(spec_.plan);
    constexpr std::size_t others = 32;
    require_descriptors(others + jobs_, "the simulation");
    seeds::make_trial(spec_, range_.first);  // refuses a nemesis that does not exist
    const auto end = seeds::try_seeds(spec_, range_, jobs_, [this](const SeedResult& result) {
      note(result);
      const bool is_over = (fail_fast_ && broken_ > 0) || (budget_ && elapsed() >= *budget_);
      return !is_over;
    });
    is_interrupted_ = end == seeds::SeedsEnd::interrupted;
    if (prints_json_) {
      out::print("{}\n", json().dump());
    } else {
      out::print("{}\n", summary());
    }
    if (broken_ > 0) return ExitCode::invalid;
    return unknown_ > 0 || tried_ == 0 || is_interrupted_ ? ExitCode::unknown : ExitCode::valid;
  }

 private:
  Seconds elapsed() const { return Clock::now() - begun_; }

  void note(const SeedResult& result) {
    ++tried_;
    simulated_ += result.simulated;
    operations_ += result.operations;
    if (result.times_traced("mutant_reached") > 0) ++reached_;
    if (result.is_broken()) {
      ++broken_;
      if (broken_ <= most_kept_runs) report(result);
    } else if (result.verdict.validity == Validity::unknown && ++unknown_ == 1) {
      say(fmt::format("seed {} is unknown: {}\n  repeat: {}", result.seed, result.verdict.sentence,
                      repeating_command(arguments_, result.seed)));
    }
    if (elapsed() - shown_at_ < progress_.interval()) return;
    shown_at_ = elapsed();
    progress_.show(summary());
  }

  void report(const SeedResult& result) {
    auto text = result.died.empty()
                    ? fmt::format("seed {}: {}", result.seed, result.verdict.sentence)
                    : fmt::format("seed {} ended the simulator: {}", result.seed, result.died);
    if (!result.complaint.empty()) text += "\n  " + result.complaint;
    while (text.ends_with('\n')) text.pop_back();
    text += fmt::format("\n  repeat: {}", repeating_command(arguments_, result.seed));
    const auto store = results::RunStore::create(runs_dir_, spec_.plan.name, result.seed,
                                                 std::chrono::system_clock::now());
    seeds::keep_seed(spec_, result.seed, store);
    text += fmt::format("\n  run:    {}", store.folder().string());
    if (result.died.empty()) {
      const auto judgement = judge_run(store, {});
      store.write_verdict(verdict_json_of(judgement));
      store.write_report(draw_report(store, judgement));
      text += fmt::format("\n  report: {}", store.report_path().string());
    }
    broken_runs_.push_back({{"seed", result.seed},
                            {"sentence", result.verdict.sentence},
                            {"died", result.died},
                            {"run", store.folder().string()}});
    say(text);
  }

  void say(const std::string& text) {
    if (!prints_json_) out::print("{}\n", text);
    out::flush();
  }

  std::string summary() const {
    auto text = fmt::format(
        "{}{} seeds: {} valid, {} invalid, {} unknown; {} operations, {:.1f} simulated minutes in "
        "{:.1f} s ({:.0f} a minute)",
        is_interrupted_ ? "interrupted after " : "", tried_, tried_ - broken_ - unknown_, broken_,
        unknown_, operations_, Seconds(simulated_).count() / 60, elapsed().count(),
        Seconds(simulated_) / elapsed());
    if (!spec_.plan.mutant.empty()) {
      text += fmt::format("; {} was reached with {} seeds", spec_.plan.mutant, reached_);
    }
    return text;
  }

  nlohmann::ordered_json json() const {
    return {{"seeds", tried_},
            {"valid", tried_ - broken_ - unknown_},
            {"invalid", broken_},
            {"unknown", unknown_},
            {"operations", operations_},
            {"simulated_seconds", Seconds(simulated_).count()},
            {"seconds", elapsed().count()},
            {"reached", reached_},
            {"interrupted", is_interrupted_},
            {"broken", broken_runs_}};
  }

  const Arguments& arguments_;
  std::string runs_dir_;
  bool fail_fast_;
  bool prints_json_;
  unsigned jobs_;
  seeds::TrialSpec spec_;
  seeds::SeedRange range_;
  std::optional<Seconds> budget_;
  ProgressLine progress_{::isatty(STDERR_FILENO) == 1};
  Clock::time_point begun_ = Clock::now();
  Seconds shown_at_{0};
  bool is_interrupted_ = false;
  std::uint64_t tried_ = 0;
  std::uint64_t broken_ = 0;
  std::uint64_t unknown_ = 0;
  std::uint64_t reached_ = 0;
  std::int64_t operations_ = 0;
  std::chrono::nanoseconds simulated_{0};
  nlohmann::ordered_json broken_runs_ = nlohmann::ordered_json::array();
};

}  // namespace

ExitCode simulate(const Arguments& arguments) {
  FlagSet flag_set(
      "sunder simulate",
      "Runs sunder's own node in simulated time, once for each seed, and judges each run as a real "
      "one.\nThe same seed gives the same run. What is not given is drawn from the seed: the "
      "number of nodes (3 or 5),\nthe faults, and the node's options (snapshots every few "
      "entries, small messages, pre-vote and\ncheck-quorum off, a lease). A seed that breaks "
      "something is run again into a folder.",
      "[flags]");
  const auto usual = seeds::usual_spec();
  describe_plan_flags(flag_set, usual.plan, "", usual.nemesis);
  flag_set.value("seeds", "which; 1..100, or from 1 on with --budget, when left out", "", "A..B")
      .value("budget", "try no more seeds after this real time", "", "TIME")
      .toggle("fail-fast", "stop at the first seed that breaks something")
      .toggle("json", "print one JSON object instead of text");
  describe_jobs(flag_set);
  const auto flags = flag_set.parse(arguments, 0);
  if (!flags) return ExitCode::valid;
  return Simulate(arguments, *flags).run();
}

}  // namespace sunder::harness::commands
