#include "harness/seeds/trial.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nemesis/schedule/description.h"
#include "nemesis/schedule/fault_choice.h"
#include "nemesis/schedule/fault_kind.h"
#include "nemesis/schedule/random.h"

namespace sunder::harness::seeds {
namespace {

/// Makes the draws of a trial independent of those of its schedule, which start from the seed.
constexpr std::uint64_t salt = 0x5eed'0f'7121a1;

void draw_schedule(Trial& trial, const std::string& nemesis) {
  const auto choices = nemesis::parse_nemeses(
      nemesis, trial.plan.seed, [] { return true; },
      [](std::string_view kind) { return kind != "disk"; });
  trial.schedule = nemesis::make_schedule(trial.plan.seed, choices, trial.plan.time_limit,
                                          trial.plan.nemesis_interval);
}

/// The kinds of the faults that are played.
std::vector<std::string> nemeses_of(const nemesis::Schedule& schedule) {
  std::set<std::string> kinds;
  for (const auto& fault : schedule.faults) kinds.emplace(nemesis::nemesis_of(fault));
  return {kinds.begin(), kinds.end()};
}

/// Half of the clusters compact, some of them all the time. Pre-vote, check-quorum and lease come
/// in all combinations that the node accepts: bare Raft must be safe too, and has elections that
/// collide. A lease needs check-quorum, and does not stand clocks that differ.
void draw_options(Trial& trial, nemesis::Random& random) {
  auto& options = trial.plan.system_options;
  const auto snapshot_every = 1 + random.below(60);
  if (random.chance(0.5)) options.emplace("snapshot-every", fmt::format("{}", snapshot_every));
  options.emplace("piece-bytes", "200");
  options.emplace("append-bytes", "400");
  const auto lease = options.find("lease");
  const bool needs_quorum = lease != options.end() && lease->second == "on";
  options.emplace("pre-vote", random.chance(0.5) ? "off" : "on");
  options.emplace("check-quorum", random.chance(1.0 / 3) && !needs_quorum ? "off" : "on");
  const bool may_lease =
      options.at("check-quorum") == "on" && !nemesis::sets_clocks(trial.schedule);
  if (random.chance(0.5) && may_lease) options.emplace("lease", "on");
}

}  // namespace

TrialSpec usual_spec() {
  TrialSpec spec;
  spec.draws_nodes = spec.draws_options = true;
  spec.plan.concurrency = 4;
  spec.plan.keys = 2;
  spec.plan.rate = 80;
  spec.plan.time_limit = std::chrono::seconds(10);
  spec.plan.nemesis_interval = std::chrono::seconds(1);
  return spec;
}

Trial make_trial(const TrialSpec& spec, std::uint64_t seed) {
  Trial trial{spec.plan, {}};
  nemesis::Random random(seed ^ salt);
  if (spec.draws_nodes) trial.plan.nodes = random.chance(0.5) ? 3 : 5;
  if (spec.schedule) {
    trial.schedule = *spec.schedule;
  } else {
    trial.plan.seed = seed;
    draw_schedule(trial, spec.nemesis);
  }
  leave_out_what_cannot_be_simulated(trial.schedule);
  trial.plan.nemeses = nemeses_of(trial.schedule);
  if (!spec.schedule && nemesis::is_composite(spec.nemesis)) trial.plan.drawn_by = spec.nemesis;
  if (spec.draws_options) draw_options(trial, random);
  return trial;
}

std::vector<std::string> leave_out_what_cannot_be_simulated(nemesis::Schedule& schedule) {
  std::set<std::string> left_out;
  std::erase_if(schedule.faults, [&left_out](const nemesis::Fault& fault) {
    if (fault.action.kind().can_be_simulated()) return false;
    left_out.insert(nemesis::describe(fault.action));
    return true;
  });
  return {left_out.begin(), left_out.end()};
}

nlohmann::json to_json(const TrialSpec& spec) {
  nlohmann::json json{{"plan", to_json(spec.plan)},
                      {"nemesis", spec.nemesis},
                      {"draws_nodes", spec.draws_nodes},
                      {"draws_options", spec.draws_options}};
  if (spec.schedule) json["schedule"] = nemesis::to_json(*spec.schedule);
  return json;
}

TrialSpec trial_spec_from_json(const nlohmann::json& json) {
  TrialSpec spec;
  spec.plan = plan_from_json(json.at("plan"));
  spec.nemesis = json.at("nemesis").get<std::string>();
  spec.draws_nodes = json.at("draws_nodes").get<bool>();
  spec.draws_options = json.at("draws_options").get<bool>();
  if (json.contains("schedule")) {
    spec.schedule = nemesis::schedule_from_json(json.at("schedule"));
  }
  return spec;
}

}  // namespace sunder::harness::seeds
