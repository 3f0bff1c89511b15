#pragma once
// A counterexample as text for the terminal: one line an operation, time from left to right.
//
//   client 1  [write 17]
//   client 5             [write 21]
//   client 3                        [read 17]  <-- client 3 read 17 after ...
//
// Surprise: the distances mean nothing, only the order of the brackets does. An operation that may
// happen at any time, or never, has no closing bracket.

#include <string>

#include "checker/verdict.h"

namespace sunder::checker {

std::string timeline_of(const Counterexample& counterexample);

}  // namespace sunder::checker
