#pragma once
// A model that the user wrote as a program: it reads one question a line from its standard input,
//   {"state":null,"f":"push","key":"","value":1,"answer":1,"outcome":"ok"}
// and answers each with one line: {"state":[1]}, the next state, or {"refused":true}, if the
// operation was not possible in that state (docs/histories.md). Answers are remembered, and some
// questions are asked again to find a program that answers one question in two ways.
// Surprise: a program that ends, hangs or answers nonsense makes the verdict unknown.

#include <memory>
#include <string>

#include "checker/budget.h"
#include "checker/linearizability/erased_model.h"

namespace sunder::harness {

/// Whether --model means a program: it has a space or a slash, or is the name of an executable
/// file.
bool is_model_program(const std::string& model);

/// Starts the program: a file, or a command of the shell. It is killed with the model. Call it
/// before threads are started. Throws std::invalid_argument if it cannot be started.
std::unique_ptr<checker::ErasedModel> start_model_program(const std::string& command,
                                                          const checker::Budget& budget);

}  // namespace sunder::harness
