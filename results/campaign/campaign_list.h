#pragma once
// The campaigns of a folder, newest first, each as one line of a list says it.

#include <filesystem>
#include <string>
#include <vector>

#include "results/campaign/conclusion.h"

namespace sunder::results {

struct CampaignSummary {
  /// From the campaigns folder on: "nightly/20261125T211500Z".
  std::string label;
  /// "2026-11-25 21:15:00"
  std::string started;
  /// What its runs have, each once: "raft, raft:pre-vote=off".
  std::string systems;
  std::string workloads;
  std::string nemeses;
  std::size_t runs = 0;
  std::size_t carried_out = 0;
  bool in_progress = false;
  CampaignResult result = CampaignResult::valid;
  /// The conclusion's, or what is wrong with the folder.
  std::string sentence;
  double seconds = 0;
  /// "campaign.html", "junit.xml"
  std::vector<std::string> files;
};

/// None if there is no such folder. Throws std::filesystem::filesystem_error if it cannot be read.
/// A broken campaign is listed as failed.
std::vector<CampaignSummary> list_campaigns(const std::filesystem::path& campaigns_dir);

}  // namespace sunder::results
