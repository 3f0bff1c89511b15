#include "harness/campaign/hunt.h"

#include "results/campaign/conclusion.h"

namespace sunder::harness::campaign {

using results::CampaignRun;

namespace {

// Between the attempts of a hunt, so that those of hunts with neighbouring seeds never meet.
constexpr std::uint64_t seed_stride = 1'000'000;

bool is_of_the_hunt(const CampaignRun& run, const CampaignRun& another) {
  return run.mutant == another.mutant && run.system == another.system &&
         run.workload == another.workload && run.nemesis == another.nemesis &&
         run.first_seed == another.first_seed && !run.canary;
}

}  // namespace

std::optional<std::uint64_t> seed_of_next_attempt(const results::Campaign& campaign,
                                                  const CampaignRun& ended, Duration budget) {
  if (ended.mutant.empty() || ended.canary) return std::nullopt;
  if (results::standing_of(ended) == results::Standing::found) return std::nullopt;
  double spent_seconds = 0;
  std::uint64_t attempts = 0;
  for (const auto& run : campaign.runs) {
    if (!is_of_the_hunt(run, ended)) continue;
    ++attempts;
    if (run.outcome) spent_seconds += run.outcome->seconds;
  }
  if (spent_seconds >= std::chrono::duration<double>(budget).count()) return std::nullopt;
  return ended.first_seed + attempts * seed_stride;
}

}  // namespace sunder::harness::campaign
