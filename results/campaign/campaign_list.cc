#include "results/campaign/campaign_list.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/campaign/campaign_json.h"
#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"

namespace sunder::results {
namespace fs = std::filesystem;

namespace {

/// Each of the runs' texts once, in the order of its first run.
template <typename TextOf>
std::string each_once(const Campaign& campaign, const TextOf& text_of) {
  std::vector<std::string> texts;
  for (const CampaignRun& run : campaign.runs) {
    const std::string text = text_of(run);
    const bool known = std::find(texts.begin(), texts.end(), text) != texts.end();
    if (!known && !text.empty()) texts.push_back(text);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

void read(const fs::path& folder, CampaignSummary& summary) {
  const Campaign campaign = read_campaign(folder);
  const Conclusion conclusion = conclusion_of(campaign);
  summary.systems = each_once(campaign, [](const CampaignRun& run) { return run.system; });
  summary.workloads = each_once(campaign, [](const CampaignRun& run) { return run.workload; });
  summary.nemeses = each_once(campaign, [](const CampaignRun& run) { return run.nemesis; });
  summary.runs = campaign.runs.size();
  summary.carried_out = campaign.runs.size() - number_of(campaign, Standing::not_run);
  summary.result = conclusion.result;
  summary.sentence = conclusion.sentence;
  summary.seconds = campaign.seconds;
}

CampaignSummary summary_of(const fs::path& folder) {
  CampaignSummary summary;
  summary.label = (folder.parent_path().filename() / folder.filename()).string();
  summary.started = readable_stamp(folder.filename().string());
  summary.in_progress = is_in_use(folder);
  for (const char* file : {"campaign.html", "campaign.json", "junit.xml"}) {
    if (fs::exists(folder / file)) summary.files.emplace_back(file);
  }
  try {
    read(folder, summary);
  } catch (const std::runtime_error& error) {
    summary.result = CampaignResult::failed;
    summary.sentence = error.what();
  }
  return summary;
}

}  // namespace

std::vector<CampaignSummary> list_campaigns(const fs::path& campaigns_dir) {
  std::vector<CampaignSummary> campaigns;
  if (!fs::exists(campaigns_dir)) return campaigns;
  for (const auto& name : fs::directory_iterator(campaigns_dir)) {
    // `latest` is a link: a campaign would be there twice.
    if (name.is_symlink() || !name.is_directory()) continue;
    for (const auto& entry : fs::directory_iterator(name.path())) {
      if (entry.is_symlink() || !fs::exists(entry.path() / "campaign.json")) continue;
      campaigns.push_back(summary_of(entry.path()));
    }
  }
  std::sort(campaigns.begin(), campaigns.end(), [](const auto& left, const auto& right) {
    return std::tie(right.started, right.label) < std::tie(left.started, left.label);
  });
  return campaigns;
}

}  // namespace sunder::results
