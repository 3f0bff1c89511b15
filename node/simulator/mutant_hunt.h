#pragma once
// One mutant in one simulated run, in a process of its own: a broken node may abort.

#include <cstdint>
#include <string>

#include "node/mutants/mutant.h"
#include "node/simulator/simulation.h"

namespace sunder::simulator {

struct HuntResult {
  bool is_reached = false;
  /// What was broken first, or why the process died; empty if nothing.
  std::string violation;
};

/// What a mistake may need to show.
enum class Climate {
  mixed,           ///< a little of everything
  election_storm,  ///< simulation.h says what that is
  reads,           ///< many clients, partitions and pauses, and nothing else
};

struct HuntOptions {
  /// 0: 3 or 5, by the seed.
  int nodes = 0;
  Climate climate = Climate::mixed;
};

/// Throws std::invalid_argument naming what is allowed.
Climate climate_named(std::string_view name);
SimulationOptions simulation_in(Climate climate);

HuntResult hunt(const Mutant& mutant, std::uint64_t seed, const HuntOptions& options = {});

}  // namespace sunder::simulator
