#pragma once
// The sentence about a set or list: which element a read lacks, shows twice, or shows too early.

#include <string>

#include "checker/verdict.h"

namespace sunder::checker {

/// `operations`, `culprit` and `elements` must be set. Empty if it knows no sentence.
std::string sentence_about_collection(const Counterexample& counterexample);

/// The element that the culprit lacks although it had been added before; null if there is none.
const history::Value* lost_element(const Counterexample& counterexample);

}  // namespace sunder::checker
