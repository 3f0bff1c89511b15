#pragma once
// Leadership is transferred to the target. Nothing is left to heal; the duration is how long the
// transfer may be tried.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct Transfer {
  bool operator==(const Transfer&) const = default;
};

const FaultKind& kind_of(const Transfer&);

}  // namespace sunder::nemesis
