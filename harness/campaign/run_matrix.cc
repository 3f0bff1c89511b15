#include "harness/campaign/run_matrix.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/driver/systems.h"
#include "harness/plan.h"
#include "nemesis/schedule/fault_choice.h"
#include "workloads/workload.h"

namespace sunder::harness::campaign {

using results::CampaignRun;

namespace {

// What a run takes besides its time limit: nodes come up, heal, are read once more and judged.
constexpr double overhead_seconds = 2;

constexpr std::string_view correct_node = "none";
constexpr std::string_view control = "control";

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// "kill+partition" as 'sunder run' takes it; commas separate the items of lists here.
std::string with_commas(std::string text) {
  std::replace(text.begin(), text.end(), '+', ',');
  return text;
}

/// "@schedule.json": the faults of a file instead of drawn ones.
bool names_a_schedule(std::string_view nemesis) {
  return nemesis.starts_with('@');
}

void require_names(const Spec& spec) {
  for (const auto& system : spec.systems) {
    Plan plan;
    choose_system(plan, with_commas(system));
  }
  for (const auto& workload : spec.workloads) workloads::find_workload(workload);
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

/// The words of `sunder run` for what all runs have; a later flag of one name replaces an earlier.
class RunArguments {
 public:
  void set(const std::string& flag, const std::string& value) {
    for (auto& [known, its_value] : flags_) {
      if (known != flag) continue;
      its_value = value;
      return;
    }
    flags_.emplace_back(flag, value);
  }
  /// "--rate 500 --fail-fast"
  void add(const std::string& text) {
    const auto words = words_of(text, ' ');
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool has_value = i + 1 < words.size() && !words[i + 1].starts_with("--");
      set(words[i], has_value ? words[i + 1] : "");
      if (has_value) ++i;
    }
  }
  std::string value_of(std::string_view flag) const {
    for (const auto& [known, value] : flags_) {
      if (known == flag) return value;
    }
    return {};
  }
  std::vector<std::string> words() const {
    std::vector<std::string> words;
    for (const auto& [flag, value] : flags_) {
      words.push_back(flag);
      if (!value.empty()) words.push_back(value);
    }
    return words;
  }

 private:
  std::vector<std::pair<std::string, std::string>> flags_;
};

RunArguments arguments_for_all(const Spec& spec) {
  RunArguments arguments;
  arguments.set("--nodes", std::to_string(spec.nodes));
  arguments.set("--time-limit", to_text(spec.time_limit));
  arguments.set("--nemesis-interval", to_text(spec.nemesis_interval));
  return arguments;
}

CampaignRun finished_run(const CampaignRun& run, RunArguments arguments) {
  CampaignRun finished = run;
  finished.first_seed = run.seed;
  arguments.set("--system", run.system);
  arguments.set("--workload", run.workload);
  if (names_a_schedule(run.nemesis)) {
    arguments.set("--schedule", run.nemesis.substr(1));
  } else {
    arguments.set("--nemesis", run.nemesis);
  }
  if (!run.mutant.empty()) arguments.set("--mutant", run.mutant);
  arguments.set("--seed", std::to_string(run.seed));
  finished.arguments = arguments.words();
  const auto limit = parse_duration(arguments.value_of("--time-limit"));
  finished.expected_seconds = overhead_seconds + (limit ? seconds_of(*limit) : 0);
  return finished;
}

/// With the mutant, or as its control.
CampaignRun hunting_run(const Spec& spec, const Mutant& mutant, bool is_control,
                        std::uint64_t seed) {
  const auto& hunt = mutant.hunt;
  CampaignRun run;
  run.system = hunt.system.empty() ? "raft" : "raft:" + hunt.system;
  run.workload = hunt.workload;
  run.nemesis = hunt.nemesis;
  if (!is_control) run.mutant = mutant.id;
  run.seed = seed;
  auto arguments = arguments_for_all(spec);
  arguments.set("--nodes", std::to_string(hunt.nodes));
  arguments.add(hunt.flags);
  arguments.add(spec.flags);
  return finished_run(run, arguments);
}

void add_product(const Spec& spec, const Mutant* mutant, std::uint64_t seed,
                 std::vector<CampaignRun>& runs) {
  for (const auto& system : spec.systems) {
    for (const auto& workload : spec.workloads) {
      for (const auto& nemesis : spec.nemeses) {
        CampaignRun run;
        run.system = with_commas(system);
        run.workload = workload;
        run.nemesis = names_a_schedule(nemesis) ? nemesis : with_commas(nemesis);
        if (mutant != nullptr) run.mutant = mutant->id;
        run.known_bad = spec.known_bad;
        run.seed = seed;
        auto arguments = arguments_for_all(spec);
        arguments.add(spec.flags);
        runs.push_back(finished_run(run, arguments));
      }
    }
  }
}

/// Mutants that are hunted alike have one control.
void add_controls(const Spec& spec, const std::vector<Mutant>& known, std::uint64_t seed,
                  std::vector<CampaignRun>& runs) {
  std::set<std::string> keys;
  for (const auto* mutant : mutants_to_find(known)) {
    auto run = hunting_run(spec, *mutant, /*is_control=*/true, seed);
    if (keys.insert(results::key_of(run)).second) runs.push_back(std::move(run));
  }
}

void require_each_once(const std::vector<CampaignRun>& runs) {
  std::set<std::string> keys;
  for (const auto& run : runs) {
    if (keys.insert(results::key_of(run)).second) continue;
    throw std::invalid_argument(
        fmt::format("the spec asks for a run twice: {}", results::command_of(run)));
  }
}

}  // namespace

std::vector<CampaignRun> runs_of(const Spec& spec, const std::vector<Mutant>& known) {
  require_names(spec);
  const auto mutants = chosen_mutants(spec, known);
  std::vector<CampaignRun> runs;
  const bool has_controls =
      std::find(spec.mutants.begin(), spec.mutants.end(), control) != spec.mutants.end();
  for (const auto seed : spec.seeds) {
    if (has_controls) add_controls(spec, known, seed, runs);
    for (const Mutant* mutant : mutants) {
      if (mutant != nullptr && spec.hunt) {
        runs.push_back(hunting_run(spec, *mutant, /*is_control=*/false, seed));
      } else {
        add_product(spec, mutant, seed, runs);
      }
    }
  }
  require_each_once(runs);
  return runs;
}

CampaignRun canary_run(std::uint64_t seed) {
  CampaignRun run;
  run.system = "raft";
  run.workload = "register";
  run.nemesis = "partition:leader";
  run.mutant = "A1";
  run.seed = seed;
  run.canary = true;
  RunArguments arguments;
  arguments.add("--nodes 5 --time-limit 30s --nemesis-interval 2s --fail-fast");
  auto canary = finished_run(run, arguments);
  // It ends at the first violation, which seldom takes long.
  canary.expected_seconds = 8;
  return canary;
}

}  // namespace sunder::harness::campaign
