// sunder run: one test from flags to verdict.

#include <chrono>
#include <random>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/commands/commands.h"
#include "harness/driver/systems.h"
#include "harness/flags/flags.h"
#include "harness/flags/plan_flags.h"
#include "harness/judge/evidence.h"
#include "harness/judge/judge.h"
#include "harness/judge/presentation.h"
#include "harness/namespaces/namespaces.h"
#include "harness/output.h"
#include "harness/plan.h"
#include "harness/process/watchdog.h"
#include "harness/run/controller.h"
#include "harness/run/environment.h"
#include "harness/run/node_disk.h"
#include "harness/workload_choice.h"
#include "nemesis/disk/private_mounts.h"
#include "nemesis/schedule/fault_choice.h"
#include "nemesis/schedule/schedule.h"
#include "results/store/folder_in_use.h"
#include "results/store/folder_lock.h"
#include "results/store/run_store.h"
#include "results/store/seals.h"

namespace sunder::harness::commands {

namespace {

std::uint64_t draw_seed() {
  return std::random_device{}();
}

// The faults to play: the user's file, or drawn from the seed. Fills the plan's part on faults.
nemesis::Schedule schedule_for(Plan& plan, const Flags& flags) {
  if (auto schedule = schedule_file_from(flags, plan)) return *schedule;
  // The kinds that are drawn leave out what this machine or the system cannot do. A kind that is
  // named and impossible is refused.
  const auto choices = nemesis::parse_nemeses(
      flags.text("nemesis"), plan.seed, [] { return !obstacle_to_faulty_disks(); },
      takes_effect_on(find_system(plan.system), plan.network));
  plan.nemeses.clear();
  for (const auto& choice : choices) plan.nemeses.push_back(text_of(choice));
  if (nemesis::is_composite(flags.text("nemesis"))) plan.drawn_by = flags.text("nemesis");
  return nemesis::make_schedule(plan.seed, choices, plan.time_limit, plan.nemesis_interval);
}

void prepare_disks(const nemesis::Schedule& schedule) {
  if (!nemesis::needs_disks(schedule)) return;
  if (const auto obstacle = obstacle_to_faulty_disks()) {
    throw std::runtime_error(fmt::format(
        "the faults power-loss and disk need a FUSE mount, which is not possible here: {}",
        *obstacle));
  }
  nemesis::disk::enter_private_mounts();
}

// Better than a run that goes on to find that nothing took effect.
void require_supported(const Plan& plan, const nemesis::Schedule& schedule) {
  if (nemesis::strikes_clients(schedule) && !has_switch(plan)) {
    throw std::invalid_argument(
        "leave out faults on the clients' links (:clients, :everyone, \"other_end\"): only a "
        "switch "
        "has a port for the clients (--network switch)");
  }
  const auto named = fault_kinds(plan);
  std::set<std::string> kinds(named.begin(), named.end());
  for (const auto& fault : schedule.faults) kinds.emplace(fault.action.kind().name());
  for (const auto& kind : kinds) {
    if (const auto reason = reason_against(find_system(plan.system), kind, plan.network)) {
      throw std::invalid_argument(
          fmt::format("--system {}: leave out the fault {}: {}", plan.system, kind, *reason));
    }
  }
}

}  // namespace

ExitCode run(const Arguments& arguments) {
  FlagSet flag_set("sunder run", "Launches a system, breaks it, and judges what its clients saw.",
                   "[flags]");
  describe_run_flags(flag_set, Plan{}, "kill,pause,partition");
  flag_set.toggle("json", "print verdict.json instead of text");
  const auto flags = flag_set.parse(arguments, 0);
  if (!flags) return ExitCode::valid;
  auto plan = run_plan_from(*flags);
  if (flags->text("seed").empty()) plan.seed = draw_seed();
  if (const auto remark = choose_network(plan, Namespaces::why_impossible)) {
    out::remark("{}\n", *remark);
  }
  const auto schedule = schedule_for(plan, *flags);
  require_supported(plan, schedule);
  require_operations(plan);
  find_system(plan.system).require_programs(plan);
  require_environment(plan, flags->text("runs-dir"));
  prepare_disks(schedule);

  const auto store = results::RunStore::create(flags->text("runs-dir"), plan.name, plan.seed,
                                               std::chrono::system_clock::now());
  const results::FolderLock lock(store.folder());
  const results::FolderInUse in_progress(store.folder());
  store.link_as_latest();
  plan.evidence = evidence_of_system(plan.system);
  store.write_plan(to_json(plan).dump(2) + "\n");
  store.write_schedule(nemesis::to_json(schedule).dump(2) + "\n");
  out::remark("{}\n", command_line(plan));
  {
    Watchdog watchdog;
    ProgressLine progress(::isatty(STDERR_FILENO) == 1);
    run_test(plan, schedule, store, watchdog, progress);
    results::seal_evidence(store);
  }
  const auto judgement = judge_run(store, {});
  return present_run(store, judgement, flags->given("json"), Storing::required);
}

}  // namespace sunder::harness::commands
