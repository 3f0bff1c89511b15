#pragma once
// What the switch of a run carried on each link (network.json), and the check "links" of such a
// run: faults of links prove nothing if the nodes' messages did not cross it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "checker/verdict.h"
#include "harness/plan.h"

namespace sunder::harness {

struct SwitchReport {
  struct Link {
    /// "n1", or "clients".
    std::string from;
    std::string to;
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;
  };
  std::vector<Link> links;
  /// Whose network ended before the run did.
  std::vector<std::string> gone;
};

/// Throws std::runtime_error naming the file.
void write_switch_report(const std::filesystem::path& run, const Plan& plan,
                         const SwitchReport& report);

checker::CheckResult check_switch(const std::filesystem::path& run, const Plan& plan);

}  // namespace sunder::harness
