#include "harness/campaign/guide.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/driver/systems.h"
#include "harness/run/node_disk.h"
#include "results/store/run_store.h"

namespace sunder::harness::campaign {

using results::CampaignRun;

namespace {

/// Behind the flag; throws std::invalid_argument if it is not there.
std::string& value_of(std::vector<std::string>& arguments, const std::string& flag) {
  const auto found = std::find(arguments.begin(), arguments.end(), flag);
  if (found == arguments.end() || std::next(found) == arguments.end()) {
    throw std::invalid_argument(fmt::format("a guided run needs {}", flag));
  }
  return *std::next(found);
}

nemesis::Duration duration_of(std::vector<std::string>& arguments, const std::string& flag) {
  const auto duration = nemesis::parse_duration(value_of(arguments, flag));
  if (!duration) throw std::invalid_argument(fmt::format("{}: no duration", flag));
  return *duration;
}

/// What a swarm draws from is all there is.
std::vector<nemesis::FaultChoice> choices_for(const CampaignRun& run) {
  const std::string kinds = run.nemesis == "swarm" ? "all" : run.nemesis;
  Plan plan;
  choose_system(plan, run.system);
  return nemesis::parse_nemeses(
      kinds, run.seed, [] { return !obstacle_to_faulty_disks(); },
      takes_effect_on(find_system(plan.system)));
}

/// The flag and its value, instead of `--nemesis` and its own.
void play_instead(std::vector<std::string>& arguments, const std::string& schedule) {
  const auto nemesis = std::find(arguments.begin(), arguments.end(), "--nemesis");
  if (nemesis != arguments.end()) arguments.erase(nemesis, nemesis + 2);
  arguments.insert(arguments.end(), {"--schedule", schedule});
}

}  // namespace

Guide::Guide(const results::CampaignStore& store, bool is_guided)
    : store_(store), is_guided_(is_guided) {
  std::ifstream file(store.states_path());
  for (std::uint64_t state = 0; file >> std::hex >> state;) seen_.insert(state);
  if (!file.eof() && std::filesystem::exists(store.states_path())) {
    throw std::runtime_error(
        fmt::format("{}: no number, or not readable", store.states_path().string()));
  }
}

Explorer& Guide::explorer_of(const CampaignRun& run) {
  const auto hunt =
      run.mutant.empty() ? std::string() : fmt::format(" {} {}", run.mutant, run.first_seed);
  const auto key = fmt::format("{} {} {}{}", run.system, run.workload, run.nemesis, hunt);
  const auto known = explorers_.find(key);
  if (known != explorers_.end()) return known->second;
  auto arguments = run.arguments;
  return explorers_
      .try_emplace(key, Explorer({choices_for(run), duration_of(arguments, "--time-limit"),
                                  duration_of(arguments, "--nemesis-interval"), run.first_seed}))
      .first->second;
}

std::optional<nemesis::Schedule> Guide::choose_schedule(CampaignRun& run) {
  if (!is_guided_ || run.canary) return std::nullopt;
  auto schedule = explorer_of(run).propose();
  std::filesystem::create_directories(store_.schedules_path());
  const auto file = store_.schedules_path() / (results::key_of(run) + ".json");
  results::write_whole_file(file, nemesis::to_json(schedule).dump(2) + "\n");
  play_instead(run.arguments, file.string());
  return schedule;
}

std::uint64_t Guide::learn(const CampaignRun& run, const std::optional<nemesis::Schedule>& played,
                           const checker::raft::StateSet& states) {
  if (played) explorer_of(run).learn(*played, states);
  std::string lines;
  std::uint64_t number = 0;
  for (const auto state : states) {
    if (!seen_.insert(state).second) continue;
    lines += fmt::format("{:x}\n", state);
    ++number;
  }
  std::ofstream file(store_.states_path(), std::ios::app);
  file << lines;
  file.flush();
  if (!file) {
    throw std::runtime_error(fmt::format("cannot write {}", store_.states_path().string()));
  }
  return number;
}

}  // namespace sunder::harness::campaign
