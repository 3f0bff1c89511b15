#pragma once
// Long forks: registers that are written once, and transactions that read several of them. Of two
// reads of the same registers one must have seen all writes that the other one saw; else they
// disagree on the order of two writes. Parallel snapshot isolation allows it, snapshot isolation
// and everything stronger does not.

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "long fork": invalid with the two reads and two writes. Takes transactions ("txn") of
/// micro-operations ["w", key, value] and ["r", key, value]. Throws AssumptionBroken if a register
/// is written twice.
CheckResult check_long_fork(const history::History& history, Budget budget);

}  // namespace sunder::checker
