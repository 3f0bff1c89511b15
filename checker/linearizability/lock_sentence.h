#pragma once
// The sentence about a lock or semaphore: who acquired it while who held it, who released what.

#include <string>

#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// `operations` and `culprit` must be set. Empty if it knows no sentence.
std::string sentence_about_lock(const Counterexample& counterexample, const ErasedModel& model);

}  // namespace sunder::checker
