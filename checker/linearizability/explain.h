#pragma once
// Minimizes a conflict by weakening, for people to read.
// Invariant: no single further weakening leaves a conflict, unless the budget was spent. Even then
// the operations are a conflict, the smallest one found so far.

#include "checker/linearizability/decide.h"

namespace sunder::checker {

/// A conflict that is none after any single further weakening.
struct Minimized {
  Conflict conflict;
  /// False if the budget was spent first.
  bool is_minimal = true;
};
Minimized minimize(Conflict conflict, const ErasedModel& model, const Budget& budget);

/// The smallest conflict, its culprit, and a sentence about it. The conflict must not be empty.
Counterexample explain(Conflict conflict, const ErasedModel& model, const Budget& budget);

}  // namespace sunder::checker
