#pragma once
// The clock that the node uses is wrong until healing. Healing sets it right, so a clock that was
// ahead goes back.

#include "nemesis/clock_setting.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct ClockFault {
  ClockSetting setting;
  bool operator==(const ClockFault&) const = default;
};

const FaultKind& kind_of(const ClockFault&);

}  // namespace sunder::nemesis
