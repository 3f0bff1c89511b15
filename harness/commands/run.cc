// sunder run: one test from flags to verdict.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <stdexcept>

#include "harness/commands/commands.h"
#include "harness/commands/flags.h"
#include "harness/controller.h"
#include "harness/driver/mutants.h"
#include "harness/driver/systems.h"
#include "harness/judge.h"
#include "harness/plan.h"
#include "harness/present.h"
#include "harness/watchdog.h"
#include "nemesis/fault_kinds.h"
#include "nemesis/schedule.h"
#include "results/run_store.h"
#include "workloads/workload.h"

namespace sunder::harness::commands {

namespace {

using namespace std::chrono_literals;

cxxopts::Options describe_flags() {
  const Plan usual;
  const auto text = [](std::string standard) { return cxxopts::value<std::string>()->default_value(standard); };
  const auto number = [&text](auto standard) { return text(fmt::format("{}", standard)); };
  const auto duration = [&text](nemesis::Duration standard) { return text(nemesis::to_text(standard)); };
  cxxopts::Options options("sunder run", "Launches a system, breaks it, and judges what its clients saw.");
  options.custom_help("[flags]");
  options.add_options()
      ("system", "what is tested ('sunder list systems')", text(usual.system))
      ("workload", "what clients do ('sunder list workloads')", text(usual.workload))
      ("nemesis", "faults, comma separated, or none ('sunder list nemeses')", text("kill,pause,partition"))
      ("schedule", "play the faults of this file instead", text(""), "FILE")
      ("mutant", "test the node with this seeded bug ('sunder list mutants')", text(""), "NAME")
      ("nodes", "how many", number(usual.nodes))
      ("concurrency", "how many clients", number(usual.concurrency))
      ("keys", "how many independent keys", number(usual.keys))
      ("rate", "operations per second over all clients, 0: as fast as they are answered", number(usual.rate))
      ("time-limit", "how long clients and faults go on", duration(usual.time_limit))
      ("nemesis-interval", "about one fault of each kind in every such span", duration(usual.nemesis_interval))
      ("operation-timeout", "after this a write's outcome is unknown", duration(usual.operation_timeout))
      ("election-timeout", "of the raft node", duration(usual.election_timeout))
      ("recovery-timeout", "how long the healed system may take to answer", duration(usual.recovery_timeout))
      ("seed", "of all choices; drawn when left out", text(""))
      ("runs-dir", "where runs are kept", text("results/runs"), "DIR")
      ("name", "the run's name; system and workload when left out", text(""));
  return options;
}

std::uint64_t draw_seed() { return std::random_device{}(); }

nemesis::Schedule read_schedule(const Plan& plan) {
  std::ifstream file(plan.schedule_file);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    throw std::invalid_argument(fmt::format("--schedule {}: cannot be read", plan.schedule_file));
  }
  try {
    auto schedule = nemesis::parse_schedule(text.str());
    nemesis::require_nodes(schedule, plan.nodes);
    return schedule;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", plan.schedule_file, error.what()));
  }
}

Plan plan_from(const Flags& flags) {
  Plan plan;
  plan.system = flags.text("system");
  find_system(plan.system);
  plan.workload = flags.text("workload");
  workloads::find_workload(plan.workload);
  if (const auto mutant = flags.text("mutant"); !mutant.empty()) plan.mutant = find_mutant(mutant).id;
  plan.nodes = static_cast<int>(flags.integer("nodes", 1, 9));
  plan.concurrency = static_cast<int>(flags.integer("concurrency", 1, 1000));
  plan.keys = static_cast<int>(flags.integer("keys", 1, 100'000));
  plan.rate = flags.number("rate", 0, 1e6);
  plan.time_limit = flags.duration("time-limit", 100ms, 24h);
  plan.nemesis_interval = flags.duration("nemesis-interval", 100ms, 24h);
  plan.operation_timeout = flags.duration("operation-timeout", 10ms, 1h);
  plan.election_timeout = flags.duration("election-timeout", 10ms, 1min);
  plan.recovery_timeout = flags.duration("recovery-timeout", 100ms, 1h);
  plan.seed = flags.text("seed").empty() ? draw_seed() : flags.unsigned_integer("seed");
  plan.name = flags.text("name");
  if (plan.name.empty()) {
    plan.name = plan.system + "-" + plan.workload;
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
    auto schedule = read_schedule(plan);
    for (const auto& fault : schedule.faults) {
      const std::string kind(nemesis::kind_of(fault));
      if (std::find(plan.nemeses.begin(), plan.nemeses.end(), kind) == plan.nemeses.end()) {
        plan.nemeses.push_back(kind);
      }
    }
    return schedule;
  }
  const auto choices = nemesis::parse_nemeses(flags.text("nemesis"));
  for (const auto& choice : choices) {
    plan.nemeses.push_back(std::string(choice.kind->name) +
                           (choice.refinement.empty() ? "" : ":" + choice.refinement));
  }
  return nemesis::make_schedule(plan.seed, choices, plan.time_limit, plan.nemesis_interval);
}

}  // namespace

ExitCode run(const Arguments& arguments) {
  auto options = describe_flags();
  const auto flags = Flags::parse(options, arguments, 0);
  if (!flags) return ExitCode::valid;
  auto plan = plan_from(*flags);
  const auto schedule = schedule_for(plan, *flags);
  find_system(plan.system).require_programs(plan);

  const auto store = results::RunStore::create(flags->text("runs-dir"), plan.name, plan.seed,
                                               std::chrono::system_clock::now());
  store.link_as_latest();
  store.write_plan(to_json(plan).dump(2) + "\n");
  store.write_schedule(nemesis::to_json(schedule).dump(2) + "\n");
  fmt::print(stderr, "{}\n", command_line(plan));
  {
    Watchdog watchdog;
    Progress progress(::isatty(STDERR_FILENO) == 1);
    run_test(plan, schedule, store, watchdog, progress);
  }
  const auto judgement = judge_run(store, {});
  return present_run(store, judgement, false);
}

}  // namespace sunder::harness::commands
