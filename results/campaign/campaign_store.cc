#include "results/campaign/campaign_store.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "results/campaign/campaign_json.h"
#include "results/shell_words.h"
#include "results/store/run_store.h"

namespace sunder::results {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view file_name = "campaign.json";

}  // namespace

CampaignStore CampaignStore::create(const fs::path& folder) {
  if (fs::exists(folder / file_name)) {
    throw std::invalid_argument(
        fmt::format("{} holds a campaign already: resume it with 'sunder campaign --resume {}', or "
                    "name another folder",
                    folder.string(), shell_word(folder.string())));
  }
  std::error_code error;
  fs::create_directories(folder / "runs", error);
  if (error) {
    throw std::runtime_error(fmt::format(
        "cannot create the folder {}: {}; choose one that you may write to with --runs-dir",
        (folder / "runs").string(), error.message()));
  }
  return CampaignStore(fs::canonical(folder));
}

CampaignStore CampaignStore::open(const fs::path& folder) {
  if (!fs::exists(folder / file_name)) {
    throw std::invalid_argument(
        fmt::format("{} is not there: name a campaign's folder, such as results/campaigns/latest",
                    (folder / file_name).string()));
  }
  return CampaignStore(fs::canonical(folder));
}

std::string CampaignStore::folder_name(const Campaign& campaign) {
  if (campaign.shards == 1) return campaign.id;
  return fmt::format("{}-shard-{}-of-{}", campaign.id, campaign.shard, campaign.shards);
}

void CampaignStore::save(const Campaign& campaign) const {
  write_whole_file(folder_ / file_name, to_campaign_json(campaign));
}

Campaign CampaignStore::load() const {
  return read_campaign(folder_);
}

CampaignStore::Earlier CampaignStore::earlier_than(const Campaign& campaign) const {
  Earlier earlier;
  for (const auto& entry : fs::directory_iterator(folder_.parent_path())) {
    if (entry.is_symlink() || !fs::exists(entry.path() / file_name)) continue;
    try {
      auto other = read_campaign(entry.path());
      const bool alike = other.name == campaign.name && other.shard == campaign.shard &&
                         other.shards == campaign.shards;
      if (alike && other.id < campaign.id) earlier.campaigns.push_back(std::move(other));
    } catch (const std::exception& error) {
      earlier.warnings.emplace_back(error.what());
    }
  }
  std::sort(earlier.campaigns.begin(), earlier.campaigns.end(),
            [](const Campaign& left, const Campaign& right) { return left.id < right.id; });
  return earlier;
}

}  // namespace sunder::results
