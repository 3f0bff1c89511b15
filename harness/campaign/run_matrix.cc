#include "harness/campaign/run_matrix.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/driver/described/node.h"
#include "harness/driver/systems.h"
#include "harness/flags/plan_flags.h"
#include "harness/workload_choice.h"
#include "nemesis/schedule/fault_choice.h"
#include "workloads/combination.h"

namespace sunder::harness::campaign {

namespace {

constexpr std::string_view correct_node = "none";
constexpr std::string_view control = "control";

/// "kill+partition" as 'sunder run' takes it; commas separate the items of lists here.
std::string with_commas(std::string text) {
  std::replace(text.begin(), text.end(), '+', ',');
  return text;
}

/// "raft:lease=on+sync=off" as 'sunder run' takes it. A path may have a '+'.
std::string system_text_of(const std::string& system) {
  if (!described::is_file(system)) return with_commas(system);
  const auto options = described::options_begin(system);
  if (options == std::string::npos) return system;
  return system.substr(0, options) + with_commas(system.substr(options));
}

/// "@schedule.json": the faults of a file instead of drawn ones.
bool names_a_schedule(std::string_view nemesis) {
  return nemesis.starts_with('@');
}

void require_names(const Spec& spec) {
  for (const auto& system : spec.systems) {
    Plan plan;
    choose_system(plan, system_text_of(system));
    const bool has_mutants =
        std::any_of(spec.mutants.begin(), spec.mutants.end(),
                    [](const auto& name) { return name != correct_node && name != control; });
    if (has_mutants && !spec.hunt) require_own_node(plan.system);
  }
  for (const auto& workload : spec.workloads) workloads::find_workloads(workload);
  for (const auto& nemesis : spec.nemeses) {
    if (!names_a_schedule(nemesis)) nemesis::parse_nemeses(with_commas(nemesis), 1);
  }
}

const Mutant& mutant_named(const std::vector<Mutant>& known, const std::string& name) {
  for (const auto& mutant : known) {
    if (mutant.id == name || mutant.name == name) return mutant;
  }
  throw std::invalid_argument(
      fmt::format("unknown mutant '{}': 'sunder list mutants' shows what there is", name));
}

std::vector<const Mutant*> mutants_to_find(const std::vector<Mutant>& known) {
  std::vector<const Mutant*> mutants;
  for (const auto& mutant : known) {
    if (mutant.argument.empty()) mutants.push_back(&mutant);
  }
  return mutants;
}

/// What the names of mutants mean, but for "control", in their order and each once; null is the
/// correct node.
std::vector<const Mutant*> chosen_mutants(const Spec& spec, const std::vector<Mutant>& known) {
  std::vector<const Mutant*> chosen;
  const auto add = [&chosen](const Mutant* mutant) {
    if (std::find(chosen.begin(), chosen.end(), mutant) == chosen.end()) chosen.push_back(mutant);
  };
  for (const auto& name : spec.mutants) {
    if (name == correct_node) {
      add(nullptr);
    } else if (name == "all") {
      for (const auto* mutant : mutants_to_find(known)) add(mutant);
    } else if (name != control) {
      add(&mutant_named(known, name));
    }
  }
  return chosen;
}

Plan plan_for_all(const Spec& spec) {
  Plan plan;
  plan.nodes = spec.nodes;
  plan.time_limit = spec.time_limit;
  plan.nemesis_interval = spec.nemesis_interval;
  return plan;
}

/// With the flags that the spec has for every run.
Plan with_flags_of(const Spec& spec, const Plan& plan) {
  try {
    return plan_with(plan, words_of(spec.flags, ' '));
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("the flags for each run: {}", error.what()));
  }
}

void set_faults(Plan& plan, const std::string& nemesis) {
  plan.schedule_file = names_a_schedule(nemesis) ? nemesis.substr(1) : "";
  plan.nemeses.clear();
  if (!names_a_schedule(nemesis) && nemesis != "none") plan.nemeses = words_of(nemesis, ',');
}

/// With the mutant, or as its control.
PlannedRun hunting_run(const Spec& spec, const Mutant& mutant, bool is_control,
                       std::uint64_t seed) {
  const auto& hunt = mutant.hunt;
  auto plan = plan_for_all(spec);
  plan.nodes = hunt.nodes;
  plan.workload = hunt.workload;
  plan = with_flags_of(spec, plan_with(plan, words_of(hunt.flags, ' ')));
  const auto system = hunt.system.empty() ? "raft" : "raft:" + hunt.system;
  choose_system(plan, system);
  set_faults(plan, hunt.nemesis);
  plan.mutant = is_control ? "" : mutant.id;
  plan.seed = seed;
  return planned_run(std::move(plan), system, hunt.nemesis);
}

void add_product(const Spec& spec, const Plan& for_all, const Mutant* mutant, std::uint64_t seed,
                 std::vector<PlannedRun>& runs) {
  for (const auto& system : spec.systems) {
    for (const auto& workload : spec.workloads) {
      for (const auto& each : spec.nemeses) {
        const auto nemesis = names_a_schedule(each) ? each : with_commas(each);
        auto plan = for_all;
        choose_system(plan, system_text_of(system));
        plan.workload = workload;
        require_operations(plan);
        set_faults(plan, nemesis);
        plan.mutant = mutant == nullptr ? "" : mutant->id;
        plan.seed = seed;
        runs.push_back(planned_run(std::move(plan), system_text_of(system), nemesis));
        runs.back().record.known_bad = spec.known_bad;
      }
    }
  }
}

/// Mutants that are hunted alike have one control.
void add_controls(const Spec& spec, const std::vector<Mutant>& known, std::uint64_t seed,
                  std::vector<PlannedRun>& runs) {
  std::set<std::string> keys;
  for (const auto* mutant : mutants_to_find(known)) {
    auto run = hunting_run(spec, *mutant, /*is_control=*/true, seed);
    if (keys.insert(results::key_of(run.record)).second) runs.push_back(std::move(run));
  }
}

void require_each_once(const std::vector<PlannedRun>& runs) {
  std::set<std::string> keys;
  for (const auto& run : runs) {
    if (keys.insert(results::key_of(run.record)).second) continue;
    throw std::invalid_argument(
        fmt::format("the spec asks for a run twice: {}", results::command_of(run.record)));
  }
}

}  // namespace

std::vector<PlannedRun> runs_of(const Spec& spec, const std::vector<Mutant>& known) {
  require_names(spec);
  const auto mutants = chosen_mutants(spec, known);
  const auto for_all = with_flags_of(spec, plan_for_all(spec));
  std::vector<PlannedRun> runs;
  const bool has_controls =
      std::find(spec.mutants.begin(), spec.mutants.end(), control) != spec.mutants.end();
  for (const auto seed : spec.seeds) {
    if (has_controls) add_controls(spec, known, seed, runs);
    for (const Mutant* mutant : mutants) {
      if (mutant != nullptr && spec.hunt) {
        runs.push_back(hunting_run(spec, *mutant, /*is_control=*/false, seed));
      } else {
        add_product(spec, for_all, mutant, seed, runs);
      }
    }
  }
  require_each_once(runs);
  return runs;
}

PlannedRun canary_run(std::uint64_t seed) {
  Plan plan;
  plan.nemeses = {"partition:leader"};
  plan.mutant = "A1";
  plan.nemesis_interval = std::chrono::seconds(2);
  plan.fail_fast = true;
  plan.seed = seed;
  auto canary = planned_run(plan, plan.system, plan.nemeses.front());
  canary.record.canary = true;
  // It ends at the first violation, which seldom takes long.
  canary.record.expected_seconds = 8;
  return canary;
}

}  // namespace sunder::harness::campaign
