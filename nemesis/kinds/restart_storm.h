#pragma once
// The process is killed and started over and over. A short `up` kills it during its recovery.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct RestartStorm {
  Duration down{0};
  Duration up{0};
  bool operator==(const RestartStorm&) const = default;
};

const FaultKind& kind_of(const RestartStorm&);

}  // namespace sunder::nemesis
