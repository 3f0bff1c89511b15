#include "nemesis/kinds/clock_faults.h"

namespace sunder::nemesis {

std::optional<Refusal> ClockFaults::inject(const Fault& fault, const ClockFault& clock) {
  if (!cluster_.has_settable_clocks()) {
    return Refusal{
        "the system's nodes go by the machine's clock, which cannot be set for one alone"};
  }
  if (clock.setting.rate != 1 && !cluster_.has_settable_clock_rates()) {
    return Refusal{"the clocks of this system can be set ahead or behind, not made fast or slow"};
  }
  for (NodeNumber node : fault.target.nodes) {
    if (held_.contains(node)) return Refusal{"a target's clock is wrong already", true};
  }
  for (NodeNumber node : fault.target.nodes) {
    held_.emplace(node, fault.id);
    cluster_.set_clock(node, clock.setting);
  }
  return std::nullopt;
}

void ClockFaults::release(int fault_id) {
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->second != fault_id) {
      ++held;
      continue;
    }
    cluster_.set_clock(held->first, {});
    held = held_.erase(held);
  }
}

}  // namespace sunder::nemesis
