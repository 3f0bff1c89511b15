#pragma once
// What a campaign found, one row for each thing rather than for each run: failures by signature.

#include <span>
#include <string>
#include <vector>

#include "results/campaign/campaign.h"
#include "results/campaign/signature.h"

namespace sunder::results {

struct Finding {
  /// The id of the mutant; empty for the correct node, whose findings are never those of a mutant.
  std::string mutant;
  Signature signature;
  std::size_t times = 0;
  /// The quickest of its runs, a position in the campaign.
  std::size_t example = 0;
  /// The id of the campaign that found it first: this one's, or an earlier one's.
  std::string first_seen;
};

/// Of the correct node first; then what is newest, and of that what is rarest.
std::vector<Finding> findings_of(const Campaign& campaign, std::span<const Campaign> earlier);

/// What never occurred in the campaign.
struct NeverReached {
  /// Kinds of events in traces.
  std::vector<std::string> events;
  /// Situations, of those that are known to hide bugs.
  std::vector<std::string> situations;
  /// Requested kinds of faults.
  std::vector<std::string> faults;
  /// Mutants that never made their mistake.
  std::vector<std::string> mutants;
};

NeverReached never_reached(const Campaign& campaign);

/// Distinct abstract states that the runs reached; 0 if they were not counted.
std::uint64_t distinct_states(const Campaign& campaign);

/// Positions of the runs that took longest, the slowest first.
std::vector<std::size_t> slowest_runs(const Campaign& campaign, std::size_t most);

}  // namespace sunder::results
