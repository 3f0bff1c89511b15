#pragma once
// The result of a campaign. One invalid run of the correct node makes the campaign invalid. For a
// mutant, invalid is the goal; a mutant that was not found lowers the score and fails nothing. Only
// the canary and known-bad systems must be found.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/campaign/campaign.h"

namespace sunder::results {

enum class Standing {
  not_run,
  valid,
  unknown,
  invalid,
  found,   ///< A mutant or a system that is known to be bad, by an invalid verdict.
  missed,  ///< One that was not.
  crashed,
  hung,
};

/// In the order in which tables show them.
std::vector<Standing> all_standings();
/// "not run", "valid", ...
std::string_view name_of(Standing standing);
/// One sign for tables: "✓", "✕", "?", ...
std::string_view sign_of(Standing standing);

Standing standing_of(const CampaignRun& run);

/// From the best to the worst.
enum class CampaignResult { valid, unknown, invalid, failed };

std::string_view name_of(CampaignResult result);

struct Conclusion {
  CampaignResult result = CampaignResult::valid;
  /// One line: "23 of 24 runs of the correct node are valid; 1 is invalid".
  std::string sentence;
  /// Why it is not valid, the worst first; empty if it is.
  std::vector<std::string> reasons;
  /// Remarks that do not change the result: that there was no canary.
  std::vector<std::string> remarks;
};

std::size_t number_of(const Campaign& campaign, Standing standing);

Conclusion conclusion_of(const Campaign& campaign);

}  // namespace sunder::results
