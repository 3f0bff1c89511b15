#pragma once
// Watches: "watch" from a revision answers the changes since, [[revision, key, value], ...]. What
// etcd promises (and its robustness tests define): events come in the order of revisions, each
// once, none between the first and the last is missing, a revision is the same change for every
// watch, and a watch that goes on where another one ended misses nothing. A change is a "write"
// that a client made, and takes effect between its invocation and its return. Surprise: what lies
// behind the last event of a watch says nothing of it: it was not asked longer.

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "watch": invalid with the watch and the write or the other watch that contradicts it. Unknown if
/// no watch saw a change. Throws AssumptionBroken if a value is written twice.
CheckResult check_watch(const history::History& history, Budget budget);

}  // namespace sunder::checker
