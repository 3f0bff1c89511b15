// sunder run: one test from flags to verdict.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/commands/commands.h"
#include "harness/commands/flags.h"
#include "harness/driver/raft/mutants.h"
#include "harness/driver/systems.h"
#include "harness/judge/judge.h"
#include "harness/judge/presentation.h"
#include "harness/plan.h"
#include "harness/process/watchdog.h"
#include "harness/run/controller.h"
#include "harness/run/node_disk.h"
#include "harness/schedule_file.h"
#include "nemesis/disk/private_mounts.h"
#include "nemesis/schedule/fault_choice.h"
#include "nemesis/schedule/schedule.h"
#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"
#include "workloads/workload.h"

namespace sunder::harness::commands {

namespace {

using namespace std::chrono_literals;

void describe_flags(FlagSet& flags) {
  const Plan usual;
  const auto number = [](auto standard) { return fmt::format("{}", standard); };
  const auto duration = [](Duration standard) { return to_text(standard); };
  flags
      .value("system", "what is tested, with options: raft:pre-vote=off ('sunder list systems')",
             usual.system)
      .value("bin", "with --system maelstrom: the program of a node", "", "FILE")
      .value("workload", "what clients do ('sunder list workloads')", usual.workload)
      .value("nemesis", "faults, comma separated, or none ('sunder list nemeses')",
             "kill,pause,partition")
      .value("schedule", "play the faults of this file instead", "", "FILE")
      .value("mutant", "test the node with this seeded bug ('sunder list mutants')", "", "NAME")
      .value("nodes", "how many", number(usual.nodes))
      .value("concurrency", "how many clients", number(usual.concurrency))
      .value("keys", "how many independent keys", number(usual.keys))
      .value("rate", "operations per second over all clients; 0: as fast as they are answered",
             number(usual.rate))
      .value("time-limit", "how long clients and faults go on", duration(usual.time_limit))
      .value("nemesis-interval", "about one fault of each kind in every such span",
             duration(usual.nemesis_interval))
      .value("operation-timeout", "after this a write's outcome is unknown",
             duration(usual.operation_timeout))
      .value("election-timeout", "of the raft node", duration(usual.election_timeout))
      .value("recovery-timeout", "how long the healed system may take to answer",
             duration(usual.recovery_timeout))
      .toggle("fail-fast", "stop at the first violation that clients see")
      .toggle("json", "print verdict.json instead of text")
      .toggle("keep-running", "with --fail-fast: freeze the nodes there until Ctrl-C")
      .value("seed", "of all choices; drawn when left out", "", "N")
      .value("runs-dir", "where runs are kept", "results/runs", "DIR")
      .value("name", "of the run; system and workload when left out", "");
}

std::uint64_t draw_seed() {
  return std::random_device{}();
}

Plan plan_from(const Flags& flags) {
  Plan plan;
  choose_system(plan, flags.text("system"));
  if (flags.given("bin")) {
    if (plan.system != "maelstrom") {
      throw std::invalid_argument("--bin goes with --system maelstrom");
    }
    plan.system_options["bin"] = flags.text("bin");
  }
  plan.workload = flags.text("workload");
  workloads::find_workload(plan.workload);
  if (const auto mutant = flags.text("mutant"); !mutant.empty())
    plan.mutant = find_mutant(mutant).id;
  plan.nodes = static_cast<int>(flags.integer("nodes", 1, 9));
  plan.concurrency = static_cast<int>(flags.integer("concurrency", 1, 1000));
  plan.keys = static_cast<int>(flags.integer("keys", 1, 100'000));
  plan.rate = flags.number("rate", 0, 1e6);
  plan.time_limit = flags.duration("time-limit", 100ms, 24h);
  plan.nemesis_interval = flags.duration("nemesis-interval", 100ms, 24h);
  plan.operation_timeout = flags.duration("operation-timeout", 10ms, 1h);
  plan.election_timeout = flags.duration("election-timeout", 10ms, 1min);
  plan.recovery_timeout = flags.duration("recovery-timeout", 100ms, 1h);
  plan.fail_fast = flags.given("fail-fast");
  plan.keep_running = flags.given("keep-running");
  if (plan.keep_running && !plan.fail_fast) {
    throw std::invalid_argument("--keep-running goes with --fail-fast");
  }
  plan.seed = flags.text("seed").empty() ? draw_seed() : flags.unsigned_integer("seed");
  plan.name = flags.text("name");
  if (plan.name.empty()) {
    plan.name = std::filesystem::path(plan.system).stem().string() + "-" + plan.workload;
    if (!plan.mutant.empty()) plan.name += "-" + plan.mutant;
  }
  return plan;
}

// The faults to play: the user's file, or drawn from the seed. Fills the plan's part on faults.
nemesis::Schedule schedule_for(Plan& plan, const Flags& flags) {
  plan.schedule_file = flags.text("schedule");
  if (!plan.schedule_file.empty()) {
    if (flags.given("nemesis")) {
      throw std::invalid_argument("--nemesis and --schedule exclude each other");
    }
    auto schedule = read_schedule(plan.schedule_file, plan.nodes);
    for (const auto& fault : schedule.faults) {
      const std::string kind(nemesis::nemesis_of(fault));
      if (std::find(plan.nemeses.begin(), plan.nemeses.end(), kind) == plan.nemeses.end()) {
        plan.nemeses.push_back(kind);
      }
    }
    return schedule;
  }
  // The kinds that are drawn leave out what this machine or the system cannot do; what is named is
  // insisted on.
  const auto choices = nemesis::parse_nemeses(
      flags.text("nemesis"), plan.seed, [] { return !obstacle_to_faulty_disks(); },
      takes_effect_on(find_system(plan.system)));
  for (const auto& choice : choices) plan.nemeses.push_back(to_text(choice));
  return nemesis::make_schedule(plan.seed, choices, plan.time_limit, plan.nemesis_interval);
}

void prepare_disks(const nemesis::Schedule& schedule) {
  if (!nemesis::needs_disks(schedule)) return;
  if (const auto obstacle = obstacle_to_faulty_disks()) {
    throw std::runtime_error(fmt::format(
        "faults of disks (power-loss, disk) need a FUSE mount, which is not possible here: {}",
        *obstacle));
  }
  nemesis::disk::enter_private_mounts();
}

// Better than a run that goes on to find that nothing took effect.
void require_supported(const Plan& plan, const nemesis::Schedule& schedule) {
  std::set<std::string> kinds;
  for (const auto& nemesis : plan.nemeses) kinds.insert(nemesis.substr(0, nemesis.find(':')));
  for (const auto& fault : schedule.faults) kinds.emplace(fault.action.kind().name());
  for (const auto& kind : kinds) {
    if (const auto reason = reason_against(find_system(plan.system), kind)) {
      throw std::invalid_argument(
          fmt::format("--system {}: leave out the fault {}: {}", plan.system, kind, *reason));
    }
  }
}

}  // namespace

ExitCode run(const Arguments& arguments) {
  FlagSet flag_set("sunder run", "Launches a system, breaks it, and judges what its clients saw.",
                   "[flags]");
  describe_flags(flag_set);
  const auto flags = flag_set.parse(arguments, 0);
  if (!flags) return ExitCode::valid;
  auto plan = plan_from(*flags);
  const auto schedule = schedule_for(plan, *flags);
  require_supported(plan, schedule);
  find_system(plan.system).require_programs(plan);
  prepare_disks(schedule);

  const auto store = results::RunStore::create(flags->text("runs-dir"), plan.name, plan.seed,
                                               std::chrono::system_clock::now());
  const results::FolderInUse in_progress(store.folder());
  store.link_as_latest();
  store.write_plan(to_json(plan).dump(2) + "\n");
  store.write_schedule(nemesis::to_json(schedule).dump(2) + "\n");
  fmt::print(stderr, "{}\n", command_line(plan));
  {
    Watchdog watchdog;
    ProgressLine progress(::isatty(STDERR_FILENO) == 1);
    run_test(plan, schedule, store, watchdog, progress);
  }
  const auto judgement = judge_run(store, {});
  return present_run(store, judgement, flags->given("json"));
}

}  // namespace sunder::harness::commands
