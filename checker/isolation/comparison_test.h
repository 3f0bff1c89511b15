#pragma once
// Compares find_isolation() with brute force on one small history, and makes a history on which
// they differ as small as it can be. Also holds the report to its own invariants: cycles close,
// each edge is true of the history, what a level implies is not ruled out unless the level is.

#include <cstddef>
#include <map>
#include <string>

#include "checker/isolation/isolation.h"
#include "checker/isolation/level.h"
#include "checker/isolation/small_history_test.h"

namespace sunder::checker::isolation::comparison_test {

IsolationReport report_of(const small_history_test::SmallHistory& history);

struct Comparison {
  /// Why the engine is wrong; empty if it is not.
  std::string mistake;
  /// Levels that brute force rules out and the engine does not, which says so.
  std::vector<Level> missed;
  std::vector<Level> ruled_out;
  std::size_t proved = 0;
};
Comparison compare(const small_history_test::SmallHistory& history);

/// Compares that many histories of random_transactions().
struct Sum {
  std::size_t histories = 0;
  std::map<Level, std::size_t> ruled_out;
  std::map<Level, std::size_t> missed;
  std::size_t proved = 0;
};
Sum compare_many(int histories, int kind, const std::map<Level, double>& most_missed);

}  // namespace sunder::checker::isolation::comparison_test
