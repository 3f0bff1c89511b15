#include "harness/campaign/conclude.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "harness/campaign/junit_file.h"
#include "harness/output.h"
#include "results/campaign/campaign_junit.h"
#include "results/campaign/campaign_page.h"
#include "results/campaign/conclusion.h"
#include "results/campaign/github.h"
#include "results/campaign/score.h"
#include "results/campaign/table.h"
#include "results/store/run_store.h"

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

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// Where a runner of GitHub carries us out, it shows what it is told in this way.
void tell_github(const results::Campaign& campaign, const std::vector<results::Campaign>& earlier) {
  if (environment("GITHUB_ACTIONS") != "true") return;
  out::print("{}", results::github_annotations(campaign, earlier));
  const auto path = environment("GITHUB_STEP_SUMMARY");
  if (path.empty()) return;
  std::ofstream file(path, std::ios::app);
  file << results::github_step_summary(campaign, earlier);
  file.flush();
  if (!file) throw std::runtime_error(fmt::format("cannot write the step summary to {}", path));
}

}  // namespace

ExitCode conclude(const results::Campaign& campaign, const results::CampaignStore& store,
                  const std::filesystem::path& junit) {
  const auto [earlier, warnings] = store.earlier_than(campaign);
  for (const auto& warning : warnings) out::remark("sunder: warning: {}\n", warning);
  store.save(campaign);
  results::write_whole_file(store.page_path(), results::render_campaign_page(campaign, earlier));
  if (const auto score = results::score_table(campaign); !score.empty()) {
    results::write_whole_file(store.score_path(), score);
  }
  const auto cases = results::campaign_junit(campaign);
  results::write_whole_file(store.junit_path(), cases);
  if (!junit.empty()) write_junit(junit, cases);
  out::is_also_in(store.page_path());
  out::print("{}page: {}\n", results::campaign_table(campaign, earlier),
             store.page_path().string());
  tell_github(campaign, earlier);
  return exit_code_of_campaign(results::conclusion_of(campaign).result);
}

}  // namespace sunder::harness::campaign
