#include "harness/workload_choice.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/invariant.h"
#include "checker/models/catalog.h"
#include "harness/driver/systems.h"
#include "harness/flags/model_flags.h"

namespace sunder::harness {

namespace {

bool takes(std::string_view model, const std::string& parameter) {
  const auto& models = checker::model_catalog();
  return std::any_of(models.begin(), models.end(), [&](const auto& each) {
    return each.name == model &&
           std::any_of(each.parameters.begin(), each.parameters.end(),
                       [&](const auto& known) { return known.first == parameter; });
  });
}

/// What the user gave, and what the workload usually has.
checker::Parameters parameters_of(const Plan& plan, const workloads::Workload& workload) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, text] : workload.parameters) texts.emplace(name, text);
  for (const auto& [name, text] : plan.model_parameters) {
    if (takes(workload.model, name)) texts[name] = text;
  }
  return parameters_in(texts);
}

void require_taken(const Plan& plan) {
  const auto workloads = workloads_of(plan);
  for (const auto& [name, text] : plan.model_parameters) {
    const bool is_taken =
        std::any_of(workloads.begin(), workloads.end(),
                    [&name = name](const auto* each) { return takes(each->model, name); });
    if (is_taken) continue;
    // It names the models that take it.
    checker::make_model(workloads.front()->model.empty() ? "register" : workloads.front()->model,
                        parameters_in({{name, text}}));
    throw std::invalid_argument(
        fmt::format("--{}: the workload {} takes none", name, plan.workload));
  }
}

}  // namespace

std::vector<const workloads::Workload*> workloads_of(const Plan& plan) {
  return workloads::find_workloads(plan.workload);
}

std::unique_ptr<workloads::Generator> generator_of(const Plan& plan) {
  const auto workloads = workloads_of(plan);
  workloads::GeneratorOptions options{plan.seed,
                                      plan.concurrency,
                                      plan.keys,
                                      plan.mix,
                                      plan.phases,
                                      plan.reserved,
                                      plan.key_skew,
                                      plan.ops_per_key,
                                      plan.value_bytes,
                                      plan.txn_length,
                                      plan.max_writes_per_key};
  for (const auto* workload : workloads) {
    options.parameters.merge(parameters_of(plan, *workload));
  }
  return workloads::make_generator(workloads, options);
}

std::unique_ptr<checker::ErasedModel> model_of(const Plan& plan,
                                               const workloads::Workload& workload) {
  require_taken(plan);
  if (workload.model.empty()) return nullptr;
  auto model = checker::make_model(workload.model, parameters_of(plan, workload));
  CHECK(model != nullptr, "the workload {} is judged by a model that there is not", workload.name);
  return model;
}

std::optional<checker::isolation::Level> level_of(const Plan& plan,
                                                  const workloads::Workload& workload) {
  if (workload.isolation.empty()) return std::nullopt;
  return checker::isolation::level_named(plan.isolation.empty() ? workload.isolation
                                                                : plan.isolation);
}

void require_operations(const Plan& plan) {
  const auto& system = find_system(plan.system);
  const auto can = system.operations(plan);
  const auto missing = can.missing_for(workloads::operations_of(workloads_of(plan)));
  if (missing.empty()) return;
  std::vector<std::string_view> possible;
  for (const auto& workload : workloads::all_workloads()) {
    if (can.missing_for(workload.needs()).empty()) possible.push_back(workload.name);
  }
  throw std::invalid_argument(
      fmt::format("--workload {}: the system {} has no {}; workloads that it can do: {}",
                  plan.workload, plan.system, missing, fmt::join(possible, ", ")));
}

}  // namespace sunder::harness
