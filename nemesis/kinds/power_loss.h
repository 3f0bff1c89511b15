#pragma once
// The process is killed, and its disk loses what was not synced. It is started again on healing.

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

/// What happens to the writes that were not synced.
enum class Unsynced {
  lost,
  torn,  ///< Only the end of each file's last write is lost.
};

struct PowerLoss {
  Unsynced unsynced = Unsynced::lost;
  bool operator==(const PowerLoss&) const = default;
};

const FaultKind& kind_of(const PowerLoss&);

}  // namespace sunder::nemesis
