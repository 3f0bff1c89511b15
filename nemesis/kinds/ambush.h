#pragma once
// Named ambushes: small sets of faults that strike at the moment in a replica's life at which a
// known kind of bug would show. Each ambush is a few lines of data in ambush.cc.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

/// Its refinements are the names of the ambushes.
const NemesisOption& ambush_option();

}  // namespace sunder::nemesis
