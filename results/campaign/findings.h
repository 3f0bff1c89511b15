#pragma once
// What a campaign found, one row for each thing rather than for each run: failures by signature,
// and mutants by how they were hunted.

#include <optional>
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

struct MutantScore {
  std::string mutant;
  std::size_t runs = 0;
  /// In how many the mistake was made.
  std::size_t reached = 0;
  std::size_t found = 0;
  /// The checks that found it, by name, each once.
  std::vector<std::string> by;
  /// The earliest moment of a violation in a run, in seconds.
  std::optional<double> quickest;
};

/// In the order in which they were planned; only of runs that were judged. Canaries are left out.
std::vector<MutantScore> mutant_scores(const Campaign& campaign);

/// What the campaign was there to see and never saw.
struct NeverReached {
  /// Kinds of events in traces.
  std::vector<std::string> events;
  /// Kinds of faults that were asked for.
  std::vector<std::string> faults;
  /// Mutants whose mistake was never made.
  std::vector<std::string> mutants;
};

NeverReached never_reached(const Campaign& campaign);

/// Positions of the runs that took longest, the slowest first.
std::vector<std::size_t> slowest_runs(const Campaign& campaign, std::size_t most);

}  // namespace sunder::results
