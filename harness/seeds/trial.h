#pragma once
// The simulated run that a seed stands for: a plan and a schedule. A spec says what all seeds
// share; what it leaves open is drawn from the seed, so that a seed repeats a run with all of it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/plan.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::harness::seeds {

struct TrialSpec {
  Plan plan;
  /// As --nemesis takes it. Not used with a schedule.
  std::string nemesis = "swarm";
  /// Played with every seed; then the plan's seed stays, too.
  std::optional<nemesis::Schedule> schedule;
  /// 3 or 5 nodes.
  bool draws_nodes = false;
  /// Options of the node that the plan does not set: pre-vote, check-quorum and lease in all
  /// combinations, snapshots every few entries, small messages.
  bool draws_options = false;
};

struct Trial {
  Plan plan;
  nemesis::Schedule schedule;
};

/// A few clients and faults for 10 s; all that can be drawn is drawn.
TrialSpec usual_spec();

/// Throws std::invalid_argument for a nemesis that does not exist.
Trial make_trial(const TrialSpec& spec, std::uint64_t seed);

/// Takes out of the schedule what the simulator has none of: each once, in words ("disk full").
std::vector<std::string> leave_out_what_cannot_be_simulated(nemesis::Schedule& schedule);

nlohmann::json to_json(const TrialSpec& spec);
TrialSpec trial_spec_from_json(const nlohmann::json& json);

}  // namespace sunder::harness::seeds
