#pragma once
// Named ambushes: small sets of faults that strike at the moment in a replica's life at which a
// known kind of bug would show. Each is a few lines of data in ambush.cc.

#include <string_view>
#include <vector>

#include "nemesis/schedule/fault.h"
#include "nemesis/schedule/random.h"

namespace sunder::nemesis {

std::vector<std::string_view> ambush_names();

/// Those that need no disks that lose power.
std::vector<std::string_view> diskless_ambush_names();

/// The faults of the ambush, or of a random one for "". `at` is counted from the first one's time;
/// a duration of 0 is to be chosen by the caller.
std::vector<Fault> draw_ambush(std::string_view name, Random& random);

}  // namespace sunder::nemesis
