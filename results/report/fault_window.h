#pragma once
// What happened to the system, as reports show it: a fault from its injection to its healing, which
// have the same id. A fault that was never healed has no end. What is no fault (a crash, the
// recovery) is a moment: it ends where it begins.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/history/run_event.h"

namespace sunder::results {

struct FaultWindow {
  /// The event's name: "kill", "partition", "ambush", "crash".
  std::string kind;
  /// False of a moment.
  bool is_fault = true;
  /// The nodes that the event names.
  std::vector<std::string> targets;
  history::Time from{0};
  std::optional<history::Time> until;
  /// The fields of the injecting event.
  history::Value detail;
  /// Of an event that sunder did not write: its values, for people.
  std::vector<std::string> said = {};
};

/// In the order of injection. Skipped faults, reports, and heals without their injection have none.
std::vector<FaultWindow> fault_windows(std::span<const history::RunRecord> records);

}  // namespace sunder::results
