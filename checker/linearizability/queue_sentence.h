#pragma once
// The sentence about a queue or bag: which value came out too early, twice, or never.

#include <string>

#include "checker/verdict.h"

namespace sunder::checker {

/// `operations` and `culprit` must be set. Empty if it knows no sentence.
std::string sentence_about_queue(const Counterexample& counterexample);

}  // namespace sunder::checker
