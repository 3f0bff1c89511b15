#pragma once
// Minimizes a conflict by weakening, for people to read.
// Invariant: no single further weakening leaves a conflict, unless the time limit was reached.

#include "checker/linearizability/decide.h"

namespace sunder::checker {

/// A conflict that is none after any single further weakening.
Conflict minimize(Conflict conflict, const ErasedModel& model, const Limits& limits);

/// The smallest conflict, its culprit, and a sentence about it.
Counterexample explain(Conflict conflict, const ErasedModel& model, const Limits& limits);

}  // namespace sunder::checker
