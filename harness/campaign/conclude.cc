#include "harness/campaign/conclude.h"

#include <fmt/format.h>

#include "results/campaign/conclusion.h"
#include "results/campaign/table.h"
#include "results/run_store.h"

namespace sunder::harness::campaign {

using results::CampaignResult;

namespace {

ExitCode exit_code_of_campaign(CampaignResult result) {
  switch (result) {
    case CampaignResult::valid:
      return ExitCode::valid;
    case CampaignResult::unknown:
      return ExitCode::unknown;
    case CampaignResult::invalid:
      return ExitCode::invalid;
    case CampaignResult::failed:
      break;
  }
  return ExitCode::failed;
}

}  // namespace

ExitCode conclude(const results::Campaign& campaign, const results::CampaignStore& store,
                  const std::filesystem::path&) {
  const auto earlier = store.earlier_than(campaign);
  for (const auto& warning : earlier.warnings) fmt::print(stderr, "sunder: warning: {}\n", warning);
  store.save(campaign);
  fmt::print("{}", results::campaign_table(campaign, earlier.campaigns));
  return exit_code_of_campaign(results::conclusion_of(campaign).result);
}

}  // namespace sunder::harness::campaign
