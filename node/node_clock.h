#pragma once
// A node's clock: the machine's monotonic clock, or one that is ahead or behind or runs faster or
// slower. A clock that is set back repeats times that it showed before, as real clocks do when they
// are corrected.

#include <chrono>

#include "node/api/admin_protocol.h"
#include "node/raft/types.h"

namespace sunder {

class NodeClock {
 public:
  /// The machine's monotonic clock.
  using MachineTime = std::chrono::steady_clock::time_point;

  NodeClock(admin_protocol::ClockSetting setting, MachineTime now) : setting_(setting), set_(now) {}

  /// Replaces the setting. An earlier deviation does not add up.
  void set(admin_protocol::ClockSetting setting, MachineTime now) {
    setting_ = setting;
    set_ = now;
  }

  raft::Time reading(MachineTime now) const;
  /// When the clock will show `reading`, if it is not set before that.
  MachineTime when(raft::Time reading) const;

  double rate() const { return setting_.rate; }
  /// The difference to the machine's clock; negative if this clock is behind.
  std::chrono::nanoseconds ahead(MachineTime now) const {
    return reading(now) - now.time_since_epoch();
  }

 private:
  admin_protocol::ClockSetting setting_;
  MachineTime set_;
};

}  // namespace sunder
