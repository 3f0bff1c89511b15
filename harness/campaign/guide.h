#pragma once
// Counts the abstract states that a campaign's runs show, and in a guided campaign chooses the
// schedules by them. Each hunt explores for itself; the runs of the correct node under one nemesis
// explore together. The states are kept in a file, for a campaign that is resumed.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "harness/campaign/explorer.h"
#include "results/campaign/campaign.h"
#include "results/campaign/campaign_store.h"

namespace sunder::harness::campaign {

class Guide {
 public:
  /// The reference must outlive it. Throws std::runtime_error if the states seen before cannot be
  /// read.
  Guide(const results::CampaignStore& store, bool is_guided);

  /// What the run shall play, if that is chosen here: it is written to a file, which the run's
  /// arguments name from then on.
  std::optional<nemesis::Schedule> choose_schedule(results::CampaignRun& run);

  /// How many of the states no run has shown before.
  std::uint64_t learn(const results::CampaignRun& run,
                      const std::optional<nemesis::Schedule>& played,
                      const checker::raft::StateSet& states);

 private:
  Explorer& explorer_of(const results::CampaignRun& run);

  const results::CampaignStore& store_;
  bool is_guided_;
  checker::raft::StateSet seen_;
  std::map<std::string, Explorer> explorers_;
};

}  // namespace sunder::harness::campaign
