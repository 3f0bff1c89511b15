#pragma once
// Assumptions about a workload's history, in addition to those that OperationBuilder enforces for
// every history. A history that breaks one is rejected with an error and gets no verdict.

#include "checker/history/history.h"

namespace sunder::checker {

/// No two writes or cas of one key may write one value. Throws history::AssumptionBroken with the
/// line of the second.
void require_unique_writes(const history::History& history);

}  // namespace sunder::checker
