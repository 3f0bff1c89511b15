#pragma once
// Conducts a simulated run in which a node may end the process, as it would end its own: by a
// broken invariant, which aborts, or by an exception. The run's log then has the crash of the node.

#include <functional>

#include "harness/simulation/simulated_run.h"

namespace sunder::harness::simulation {

/// Returns when the run has ended, perhaps by an exception of a node. Calls `on_abort` when a node
/// aborts: it is the last thing that happens in this process. Throws what no node threw.
/// One run at a time in a process.
void conduct(SimulatedRun& run, std::function<void()> on_abort);

}  // namespace sunder::harness::simulation
