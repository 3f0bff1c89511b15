#pragma once
// The process is killed, and its disk loses what was not synced. It is started again on healing.

#include "nemesis/disk/names.h"
#include "nemesis/schedule/fault_kind.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::nemesis {

/// What happens to the writes that were not synced.
enum class Unsynced {
  lost,
  torn,  ///< Only the end of each file's last write is lost.
};

struct PowerLoss {
  Unsynced unsynced = Unsynced::lost;
  /// A schedule that does not say it means `lost`. `--nemesis power-loss` draws `kept`.
  disk::Names names = disk::Names::lost;
  bool operator==(const PowerLoss&) const = default;
};

const FaultKind& kind_of(const PowerLoss&);

/// Whether a power loss of the schedule keeps names. Then the disks write everything back before
/// the first fault: what the first start left is durable, as on a machine that has run for a while.
bool keeps_names(const Schedule& schedule);

}  // namespace sunder::nemesis
