#pragma once
// Makes of a conflict the smallest one a person can read. Only weakenings are used, so what is left
// is not linearizable because the whole is not: an observer is deleted, any other operation becomes
// one that may happen at any time or never, and what may happen and nobody notices is dropped.
// Invariant: no single weakening more leaves it a conflict, unless the time for it ran out.

#include "checker/linearizability/decide.h"

namespace sunder::checker {

/// A conflict no single weakening of which is still one.
Conflict minimize(Conflict conflict, const ErasedModel& model, const Limits& limits);

/// The conflict with one operation weakened, and without what nobody notices any more.
Conflict weaken(const Conflict& conflict, std::size_t operation, const ErasedModel& model);

/// The smallest conflict, its culprit, and a sentence about it.
Counterexample explain(Conflict conflict, const ErasedModel& model, const Limits& limits);

}  // namespace sunder::checker
