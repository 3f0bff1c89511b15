#pragma once
// Clocks that run fast or slow, or are set ahead or behind. They need a system whose nodes take
// their time from a clock that can be set for each of them. On healing the clock is set right, so
// one that was ahead goes back.

#include <map>
#include <optional>

#include "nemesis/cluster_control.h"
#include "nemesis/kinds/inject.h"

namespace sunder::nemesis {

class ClockFaults {
 public:
  /// The cluster must outlive this.
  explicit ClockFaults(ClusterControl& cluster) : cluster_(cluster) {}

  /// The target must be node numbers.
  std::optional<Refusal> inject(const Fault& fault, const ClockFault& clock);
  void release(int fault_id);

 private:
  ClusterControl& cluster_;
  // Node -> the fault that has set its clock.
  std::map<NodeNumber, int> held_;
};

}  // namespace sunder::nemesis
