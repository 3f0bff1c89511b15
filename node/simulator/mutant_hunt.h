#pragma once
// One mutant in one simulated run, in a process of its own: a broken node may abort.

#include <cstdint>
#include <string>

#include "node/mutants/mutant.h"

namespace sunder::simulator {

struct HuntResult {
  bool is_reached = false;
  /// What was broken first, or why the process died; empty if nothing.
  std::string violation;
};

/// With as many nodes; 0: 3 or 5, by the seed.
HuntResult hunt(const Mutant& mutant, std::uint64_t seed, int nodes = 0);

}  // namespace sunder::simulator
