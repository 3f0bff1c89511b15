#pragma once
// Makes of a conflict the smallest one a person can read, by weakening it.
// Invariant: no single weakening more leaves it a conflict, unless the time for it ran out.

#include "checker/linearizability/decide.h"

namespace sunder::checker {

/// A conflict no single weakening of which is still one.
Conflict minimize(Conflict conflict, const ErasedModel& model, const Limits& limits);

/// The smallest conflict, its culprit, and a sentence about it.
Counterexample explain(Conflict conflict, const ErasedModel& model, const Limits& limits);

}  // namespace sunder::checker
