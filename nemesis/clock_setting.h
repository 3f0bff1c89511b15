#pragma once
// How a node's clock differs from the machine's.

#include "node/api/duration.h"

namespace sunder::nemesis {

struct ClockSetting {
  /// Seconds that the node's clock advances in one second of the machine's.
  double rate = 1;
  /// At the moment when it is set; negative if it is behind.
  Duration ahead{0};
  bool operator==(const ClockSetting&) const = default;
};

}  // namespace sunder::nemesis
