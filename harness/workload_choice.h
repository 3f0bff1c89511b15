#pragma once
// What a plan says of its clients: its workloads, their generator, the models that judge them, and
// whether the system can do what they need.

#include <memory>
#include <optional>
#include <vector>

#include "checker/isolation/level.h"
#include "checker/linearizability/erased_model.h"
#include "checker/models/parameters.h"
#include "harness/plan.h"
#include "workloads/combination.h"

namespace sunder::harness {

/// Throws std::invalid_argument if there is no such workload.
std::vector<const workloads::Workload*> workloads_of(const Plan& plan);

/// Throws std::invalid_argument if the plan's mix names what the workloads have not.
std::unique_ptr<workloads::Generator> generator_of(const Plan& plan);

/// The workload's model, with those of the plan's parameters that it takes. Null if a check of its
/// own judges the workload. Throws std::invalid_argument if a parameter is none of the model's
/// values, or of none of the plan's models.
std::unique_ptr<checker::ErasedModel> model_of(const Plan& plan,
                                               const workloads::Workload& workload);

/// The level of isolation that judges the workload: the plan's, or else the workload's own. Absent
/// if none does.
std::optional<checker::isolation::Level> level_of(const Plan& plan,
                                                  const workloads::Workload& workload);

/// Throws std::invalid_argument that says what the system can do instead, if it can't do what the
/// workloads need.
void require_operations(const Plan& plan);

}  // namespace sunder::harness
