#pragma once
// Connections are reset (RST) over and over. They may be made again at once.

#include "nemesis/network/direction.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

struct Reset {
  Duration every{0};
  Direction direction = Direction::both;
  OtherEnd other_end = OtherEnd::nodes;
  bool operator==(const Reset&) const = default;
};

const FaultKind& kind_of(const Reset&);

}  // namespace sunder::nemesis
