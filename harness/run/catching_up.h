#pragma once
// How far each node says that it has committed: in the end of a run, when everything is healed,
// everyone must come to know of all that was committed before. Who does not is stuck, though a
// majority without it goes on answering.

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

  /// Who of the nodes 1 to `node_count` has not come as far as `goal`, in words; empty if all have.
  std::optional<std::string> laggards(int node_count, std::uint64_t goal) const;

 private:
  std::map<nemesis::NodeNumber, std::uint64_t> commit_indices_;
};

}  // namespace sunder::harness
