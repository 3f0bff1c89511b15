#include "results/report/fault_window.h"

#include <cstdint>
#include <map>

namespace sunder::results {

using history::FaultPhase;

std::vector<FaultWindow> fault_windows(std::span<const history::RunRecord> records) {
  std::vector<FaultWindow> windows;
  // The faults that are not healed yet: id -> place in `windows`.
  std::map<std::int64_t, std::size_t> open;
  for (const auto& [time, event] : records) {
    const FaultPhase phase = history::phase_of(event);
    const auto* fault = history::fault_of(event);
    if (phase == FaultPhase::injected) open[fault->id] = windows.size();
    if (phase == FaultPhase::injected || phase == FaultPhase::moment) {
      windows.push_back({history::name_of(event), phase == FaultPhase::injected,
                         history::nodes_of(event), time, std::nullopt, history::fields_of(event)});
    }
    if (phase == FaultPhase::moment) windows.back().until = time;
    if (phase != FaultPhase::healed) continue;
    const auto healed = open.extract(fault->id);
    if (!healed.empty()) windows[healed.mapped()].until = time;
  }
  return windows;
}

}  // namespace sunder::results
