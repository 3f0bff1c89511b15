#pragma once
// Session guarantees (Terry et al., 1994), for registers that one client each writes, a greater
// number each time: read your writes, monotonic reads, monotonic writes, writes follow reads. What
// a client must see follows from what it did, and from what the writers of what it read had done
// before (causality). A session is a process.

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "session guarantees": invalid with the name of the broken one, the read, and the two to four
/// operations from which it follows what the read had to see. Throws AssumptionBroken if a key's
/// writes do not grow.
CheckResult check_sessions(const history::History& history, Budget budget);

}  // namespace sunder::checker
