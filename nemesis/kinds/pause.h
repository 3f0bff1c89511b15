#pragma once
// The process is stopped by SIGSTOP; it continues on healing.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct Pause {
  bool operator==(const Pause&) const = default;
};

const FaultKind& kind_of(const Pause&);

}  // namespace sunder::nemesis
