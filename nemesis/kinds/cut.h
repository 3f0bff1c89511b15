#pragma once
// Connections are closed, and none can be made until healing.

#include "nemesis/network/direction.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct Cut {
  Direction direction = Direction::both;
  OtherEnd other_end = OtherEnd::nodes;
  bool operator==(const Cut&) const = default;
};

const FaultKind& kind_of(const Cut&);

}  // namespace sunder::nemesis
