#pragma once
// A campaign's score: for each mutant, how many hunts found it, by which check, and after how
// long. A hunt is one run, or several with one seed after the other until the mutant is found or
// the time is up (`budget` in the spec).

#include <optional>
#include <string>
#include <vector>

#include "results/campaign/campaign.h"

namespace sunder::results {

struct MutantScore {
  std::string mutant;
  std::size_t runs = 0;
  /// How many runs made the mistake.
  std::size_t reached = 0;
  std::size_t hunts = 0;
  /// How many hunts found it.
  std::size_t found = 0;
  /// The checks that found it, by name, each once.
  std::vector<std::string> by;
  /// The kinds of faults that were active when it was found, in any run.
  std::vector<std::string> faults;
  /// How long a hunt took with all its runs, from the start of the first to the verdict of the
  /// last: the median, in seconds. Absent if that one found nothing.
  std::optional<double> median_seconds;
};

/// In the order in which they were planned; only of runs that were judged. Canaries are left out.
std::vector<MutantScore> mutant_scores(const Campaign& campaign);

/// As a README shows it: what share was found, how many within 30 s, and a row for each mutant.
/// Markdown; empty if no mutant was hunted.
std::string score_table(const Campaign& campaign);

}  // namespace sunder::results
