#pragma once
// How far each node has committed, by its trace. At the end of a run, when all faults are healed,
// every node must learn of all that was committed before. A node that does not is stuck, even if a
// majority without it still answers clients.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "nemesis/schedule/observation.h"

namespace sunder::harness {

class CatchingUp {
 public:
  void observe(const nemesis::Observation& observation);

  /// Of all nodes.
  std::uint64_t furthest() const;

  /// The nodes of 1 to `node_count` that have committed less than `goal`, for a message; empty if
  /// there are none.
  std::optional<std::string> laggards(int node_count, std::uint64_t goal) const;

 private:
  std::map<NodeId, std::uint64_t> commit_indices_;
};

}  // namespace sunder::harness
