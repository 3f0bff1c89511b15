#pragma once
// For tests: the bytes that a snapshot of a state machine would have.

#include <string>

#include "node/store/state_machine.h"

namespace sunder {

inline std::string bytes_of(StateMachine& machine) {
  auto bytes = machine.freeze()();
  machine.thaw();
  return bytes;
}

}  // namespace sunder
