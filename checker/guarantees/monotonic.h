#pragma once
// Registers that one client each writes, a greater number each time: no read goes behind what any
// client had read or written before it began, and none is ahead of the writes. With one writer a
// key this is linearizability of each key, decided in one pass.

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "monotonic": invalid with the read that went back and the operation before it, or the read of
/// what nobody wrote. Throws AssumptionBroken if a key's writes do not grow.
CheckResult check_monotonic(const history::History& history, Budget budget);

}  // namespace sunder::checker
