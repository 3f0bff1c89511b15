#include "harness/run/catching_up.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/link.h"

namespace sunder::harness {

void CatchingUp::observe(const nemesis::Observation& observation) {
  if (observation.commit_index) commit_indices_[observation.node] = *observation.commit_index;
}

std::uint64_t CatchingUp::furthest() const {
  std::uint64_t furthest = 0;
  for (const auto& [node, index] : commit_indices_) furthest = std::max(furthest, index);
  return furthest;
}

std::optional<std::string> CatchingUp::laggards(int node_count, std::uint64_t goal) const {
  std::vector<std::string> laggards;
  for (const auto node : nemesis::all_nodes(node_count)) {
    const auto found = commit_indices_.find(node);
    const auto index = found == commit_indices_.end() ? 0 : found->second;
    if (index < goal) laggards.push_back(fmt::format("{} at {}", name_of(node), index));
  }
  if (laggards.empty()) return std::nullopt;
  return fmt::format("{} entries were committed, and not everyone has caught up: {}", goal,
                     fmt::join(laggards, ", "));
}

}  // namespace sunder::harness
