#pragma once
// What one run of a campaign leaves in `<campaign>/runs/<key>/`: the log of its process and the
// run's own folder. Once the process has ended, the run's outcome is read from there.

#include <filesystem>
#include <string>

#include "checker/raft/coverage.h"
#include "harness/plan.h"
#include "results/campaign/campaign.h"

namespace sunder::harness::campaign {

class RunFolder {
 public:
  RunFolder(const std::filesystem::path& campaign_folder, const results::CampaignRun& run);

  /// The words behind `sunder` that carry the plan out into this folder.
  std::vector<std::string> arguments(const Plan& plan) const;
  std::filesystem::path log_path() const { return folder_ / "sunder.log"; }

  /// Makes the folder, without what an attempt that was cut off left in it.
  void prepare() const;
  void remove() const;

  /// Of the process that ended like `how` ("exit status 1", "signal 9 (Killed)"). Whatever cannot
  /// be read makes it a crash that says so. Throws std::invalid_argument if the process says that
  /// its flags are wrong: then all others are, too.
  results::RunOutcome outcome(const std::string& how);
  /// The abstract states that its nodes went through, once the outcome is known.
  const checker::raft::StateSet& states() const { return states_; }
  /// Of a process that was killed because it took too long.
  results::RunOutcome hung_outcome() const;

 private:
  std::filesystem::path run_folder() const;
  results::RunOutcome judged(const std::filesystem::path& run, const std::string& how);
  std::string last_line() const;

  std::filesystem::path campaign_folder_;
  std::filesystem::path folder_;
  results::CampaignRun run_;
  checker::raft::StateSet states_;
};

}  // namespace sunder::harness::campaign
