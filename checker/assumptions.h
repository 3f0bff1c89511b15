#pragma once
// What a workload promises about its history beyond what every history must keep (those promises
// OperationBuilder enforces). A history that breaks one is refused, never judged.

#include "checker/history/history.h"

namespace sunder::checker {

/// No two writes or cas of one key may write one value. Throws history::AssumptionBroken with the
/// line of the second.
void require_unique_writes(const history::History& history);

}  // namespace sunder::checker
