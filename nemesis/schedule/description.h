#pragma once
// A fault in words: "kill leader", "partition bridge n2", "when a node became leader".

#include <string>

#include "nemesis/schedule/fault.h"

namespace sunder::nemesis {

/// What is done: "kill", "partition bridge".
std::string describe(const Action& action);

/// What is done and to whom: "partition bridge n2".
std::string describe(const Fault& fault);

/// "at 1250ms", "when a node became leader", "when a node committed the third time".
std::string describe_moment(const Fault& fault);

}  // namespace sunder::nemesis
