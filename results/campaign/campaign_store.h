#pragma once
// A campaign on disk: `<campaigns-dir>/<name>/<UTC time>/` with campaign.json, campaign.html,
// junit.xml and `runs/`. campaign.json is written whole after every run, so whatever ends the
// program, nothing is lost but the runs that were going on.
//
// Errors as in run_store.h.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "results/campaign/campaign.h"

namespace sunder::results {

class CampaignStore {
 public:
  /// Makes the folder. Throws std::invalid_argument if a campaign stands there already.
  static CampaignStore create(const std::filesystem::path& folder);
  /// Throws std::invalid_argument if there is none.
  static CampaignStore open(const std::filesystem::path& folder);

  /// "20261125T211500Z", "20261125T211500Z-shard-2-of-4"
  static std::string folder_name(const Campaign& campaign);

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path page_path() const { return folder_ / "campaign.html"; }
  /// The abstract states reached so far, one number a line.
  std::filesystem::path states_path() const { return folder_ / "states.txt"; }
  std::filesystem::path score_path() const { return folder_ / "score.md"; }
  std::filesystem::path junit_path() const { return folder_ / "junit.xml"; }

  void save(const Campaign& campaign) const;
  Campaign load() const;

  struct Earlier {
    /// The oldest first.
    std::vector<Campaign> campaigns;
    /// What is wrong with those that cannot be read.
    std::vector<std::string> warnings;
  };
  /// The campaigns beside this one with its name and shard that began before it.
  Earlier earlier_than(const Campaign& campaign) const;

 private:
  explicit CampaignStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace sunder::results
