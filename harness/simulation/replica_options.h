#pragma once
// A run's plan as the options of simulated nodes.

#include <functional>
#include <string>
#include <vector>

#include "harness/plan.h"
#include "node/parts.h"
#include "node/replica.h"

namespace sunder::harness::simulation {

ReplicaOptions replica_options(const Plan& plan);

/// The parts of each node: with the plan's mutant, if it has one, which says in the trace that it
/// was reached, once a second at most. Throws std::invalid_argument if nobody knows the mutant.
MakeParts parts_of(const Plan& plan, std::function<raft::Time()> now);

/// What of the plan is not the same in the simulator, one sentence each.
std::vector<std::string> differences(const Plan& plan);

}  // namespace sunder::harness::simulation
