#pragma once
// What became of one seed's simulated run, as sunder-simulator writes it on one line.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "checker/verdict.h"

namespace sunder::harness::seeds {

struct SeedResult {
  std::uint64_t seed = 0;
  /// Without its checks if it is valid. Unknown if there is none.
  checker::Verdict verdict{checker::Validity::unknown, "the run did not end", {}};
  /// How the simulator's process ended before it judged the run; empty if it judged.
  std::string died;
  /// What it wrote to standard error: a broken invariant of a node, for instance.
  std::string complaint;
  /// Those that succeeded.
  std::int64_t operations = 0;
  std::chrono::nanoseconds simulated{0};
  /// How often the nodes traced each event: {"became_leader", 3}.
  std::map<std::string, std::uint64_t, std::less<>> traced;

  std::uint64_t times_traced(std::string_view event) const;
  bool is_broken() const { return !died.empty() || verdict.validity == checker::Validity::invalid; }
};

/// Without a newline.
std::string to_line(const SeedResult& result);
/// Throws std::runtime_error for a line that is none.
SeedResult seed_result_from_line(std::string_view line);

}  // namespace sunder::harness::seeds
