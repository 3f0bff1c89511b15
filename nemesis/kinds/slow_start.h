#pragma once
// The process is killed. After half of the duration it is started and paused at once, until
// healing.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct SlowStart {
  bool operator==(const SlowStart&) const = default;
};

const FaultKind& kind_of(const SlowStart&);

}  // namespace sunder::nemesis
