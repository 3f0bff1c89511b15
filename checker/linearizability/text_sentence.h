#pragma once
// The sentence about a text that is written, appended to and read: which token a read lacks.

#include <string>

#include "checker/verdict.h"

namespace sunder::checker {

/// `operations`, `culprit` and `elements` must be set. Empty if it knows no sentence.
std::string sentence_about_text(const Counterexample& counterexample);

}  // namespace sunder::checker
