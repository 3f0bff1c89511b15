#include "harness/campaign/planned_run.h"

#include <stdexcept>

#include <fmt/format.h>

#include "harness/flags/plan_flags.h"

namespace sunder::harness::campaign {

namespace {

// What a run takes besides its time limit: nodes start, heal, are read once more and judged.
constexpr double overhead_seconds = 2;

}  // namespace

PlannedRun planned_run(Plan plan, std::string system, std::string nemesis) {
  PlannedRun run;
  run.record.system = std::move(system);
  run.record.workload = plan.workload;
  run.record.nemesis = std::move(nemesis);
  run.record.mutant = plan.mutant;
  run.record.seed = plan.seed;
  run.record.first_seed = plan.seed;
  run.record.arguments = run_flags(plan);
  run.record.expected_seconds =
      overhead_seconds + std::chrono::duration<double>(plan.time_limit).count();
  run.plan = std::move(plan);
  return run;
}

PlannedRun with_seed(const PlannedRun& run, std::uint64_t seed) {
  PlannedRun other = run;
  other.plan.seed = seed;
  other.record.seed = seed;
  other.record.arguments = run_flags(other.plan);
  other.record.outcome.reset();
  return other;
}

std::vector<Plan> stored_plans(const results::Campaign& campaign) {
  std::vector<Plan> plans;
  for (const auto& run : campaign.runs) {
    try {
      plans.push_back(run.outcome ? Plan{} : plan_with(Plan{}, run.arguments));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("the campaign cannot be resumed: '{}': {}",
                                              results::command_of(run), error.what()));
    }
  }
  return plans;
}

}  // namespace sunder::harness::campaign
