#pragma once
// The time a node goes by: the machine's monotonic clock, unless it was set to be ahead of it or
// behind, or to run faster or slower. A clock set back repeats times it has shown before, as the
// clocks of real machines do when they are corrected.

#include <chrono>

#include "node/api/admin_protocol.h"
#include "node/raft/types.h"

namespace sunder {

class NodeClock {
 public:
  /// Of the machine.
  using MachineTime = std::chrono::steady_clock::time_point;

  NodeClock(admin_protocol::ClockSetting setting, MachineTime now) : setting_(setting), set_(now) {}

  /// The deviation begins anew: nothing of an earlier one remains.
  void set(admin_protocol::ClockSetting setting, MachineTime now) {
    setting_ = setting;
    set_ = now;
  }

  raft::Time reading(MachineTime now) const;
  /// When the clock will show `reading`, if it is not set anew before.
  MachineTime when(raft::Time reading) const;

  double rate() const { return setting_.rate; }
  /// How much the clock shows more than the machine's.
  std::chrono::nanoseconds ahead(MachineTime now) const {
    return reading(now) - now.time_since_epoch();
  }

 private:
  admin_protocol::ClockSetting setting_;
  MachineTime set_;
};

}  // namespace sunder
