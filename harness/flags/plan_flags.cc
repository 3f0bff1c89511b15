#include "harness/flags/plan_flags.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/driver/raft/mutants.h"
#include "harness/driver/systems.h"
#include "harness/flags/workload_flags.h"
#include "harness/schedule_file.h"
#include "results/store/run_store.h"

namespace sunder::harness {

using namespace std::chrono_literals;

void describe_plan_flags(FlagSet& flags, const Plan& usual, const std::string& nodes,
                         const std::string& nemesis) {
  flags
      .value("system",
             "the system under test, with options: raft:pre-vote=off ('sunder list systems')",
             system_text(usual), "NAME")
      .value("nemesis", "kinds of faults, separated by commas, or none ('sunder list nemeses')",
             nemesis, "KINDS")
      .value("schedule", "play the faults of this file instead of --nemesis", usual.schedule_file,
             "FILE")
      .value("mutant", "test the node with this seeded bug ('sunder list mutants')", usual.mutant,
             "NAME")
      .value("nodes", "number of nodes, 1 to 9", nodes, "N")
      .value("time-limit", "how long clients and faults go on", to_text(usual.time_limit), "TIME")
      .value("nemesis-interval", "one fault of each kind in about this time",
             to_text(usual.nemesis_interval), "TIME")
      .value("operation-timeout", "the outcome of an operation is unknown after this time",
             to_text(usual.operation_timeout), "TIME")
      .value("election-timeout", "election timeout of sunder's own raft node",
             to_text(usual.election_timeout), "TIME")
      .value("recovery-timeout", "how long the healed system may take to answer again",
             to_text(usual.recovery_timeout), "TIME")
      .value("runs-dir", "folder for all runs", "results/runs", "DIR")
      .value("name", "name of the run (default: its system and workload)", "", "NAME");
  describe_workload_flags(flags, usual);
}

void require_own_node(std::string_view system) {
  if (system == "raft") return;
  throw std::invalid_argument(fmt::format(
      "--mutant works only with --system raft, sunder's own node, not with {}", system));
}

Plan plan_from(const Flags& flags) {
  Plan plan;
  choose_system(plan, flags.text("system"));
  read_workload_flags(flags, plan);
  if (const auto mutant = flags.text("mutant"); !mutant.empty()) {
    require_own_node(plan.system);
    plan.mutant = find_mutant(mutant).id;
  }
  if (!flags.text("nodes").empty()) plan.nodes = static_cast<int>(flags.integer("nodes", 1, 9));
  plan.time_limit = flags.duration("time-limit", 100ms, 24h);
  plan.nemesis_interval = flags.duration("nemesis-interval", 100ms, 24h);
  plan.operation_timeout = flags.duration("operation-timeout", 10ms, 1h);
  plan.election_timeout = flags.duration("election-timeout", 10ms, 1min);
  plan.recovery_timeout = flags.duration("recovery-timeout", 100ms, 1h);
  plan.name = flags.text("name");
  if (plan.name.empty()) {
    plan.name = std::filesystem::path(plan.system).stem().string() + "-" + plan.workload;
    if (!plan.mutant.empty()) plan.name += "-" + plan.mutant;
    plan.name.erase(0, std::min(plan.name.find_first_not_of('.'), plan.name.size()));
  }
  results::require_plain_name(plan.name);
  return plan;
}

std::optional<nemesis::Schedule> schedule_file_from(const Flags& flags, Plan& plan) {
  plan.schedule_file = flags.text("schedule");
  if (plan.schedule_file.empty()) return std::nullopt;
  if (flags.given("nemesis")) {
    throw std::invalid_argument("give either --nemesis or --schedule, not both");
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

void describe_run_flags(FlagSet& flags, const Plan& usual, const std::string& nemesis) {
  describe_plan_flags(flags, usual, fmt::format("{}", usual.nodes), nemesis);
  flags
      .value("network",
             "what carries the nodes' messages: proxy or switch (default: the system's usual one, "
             "see 'sunder list systems')",
             usual.network, "NAME")
      .value("bin", "program of a node; only with --system maelstrom", "", "FILE")
      .toggle("fail-fast", "stop at the first violation that clients see")
      .toggle("keep-running", "freeze the nodes at that violation until Ctrl-C; needs --fail-fast")
      .value("seed", "seed of all random choices (default: a random one)", "", "N");
}

Plan run_plan_from(const Flags& flags) {
  auto plan = plan_from(flags);
  plan.network = flags.text("network");
  if (!plan.network.empty()) require_network_name(plan.network);
  require_network(plan);
  if (flags.given("bin")) {
    if (plan.system != "maelstrom") {
      throw std::invalid_argument("--bin works only with --system maelstrom");
    }
    plan.system_options["bin"] = flags.text("bin");
  }
  plan.schedule_file = flags.text("schedule");
  if (plan.schedule_file.empty()) plan.nemeses = words_of(flags.text("nemesis"), ',');
  if (plan.nemeses == std::vector<std::string>{"none"}) plan.nemeses.clear();
  plan.fail_fast = flags.given("fail-fast");
  plan.keep_running = flags.given("keep-running");
  if (plan.keep_running && !plan.fail_fast) {
    throw std::invalid_argument("--keep-running needs --fail-fast");
  }
  if (!flags.text("seed").empty()) plan.seed = flags.unsigned_integer("seed");
  return plan;
}

Plan plan_with(const Plan& usual, const std::vector<std::string>& words) {
  FlagSet flag_set("sunder run", "", "");
  const bool has_faults = !usual.nemeses.empty();
  describe_run_flags(flag_set, usual,
                     has_faults ? fmt::format("{}", fmt::join(usual.nemeses, ",")) : "none");
  if (std::find(words.begin(), words.end(), "--help") != words.end()) {
    throw std::invalid_argument("--help is not a flag of a run's plan");
  }
  const auto flags = flag_set.parse(words, 0).value();
  auto plan = run_plan_from(flags);
  plan.fail_fast = plan.fail_fast || usual.fail_fast;
  plan.keep_running = plan.keep_running || usual.keep_running;
  if (plan.model_parameters.empty()) plan.model_parameters = usual.model_parameters;
  if (!flags.given("seed")) plan.seed = usual.seed;
  if (!flags.given("name")) plan.name = usual.name;
  return plan;
}

}  // namespace sunder::harness
