#pragma once
// Another schedule, a little different from one that has proved its worth: one to three times a
// fault is aimed at others, moved, held longer or shorter, given another trigger, left out, or
// joined by a new one.

#include <vector>

#include "nemesis/kinds/fault_kinds.h"
#include "nemesis/schedule/random.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::nemesis {

/// New faults are of the kinds in `choices`; everything is healed by the time limit. `interval` is
/// about how long a new fault is held at most.
Schedule mutated(const Schedule& schedule, const std::vector<FaultChoice>& choices,
                 Duration time_limit, Duration interval, Random& random);

}  // namespace sunder::nemesis
