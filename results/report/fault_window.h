#pragma once
// What befell the system, as reports show it: a fault from its injection to its healing, paired by
// the id both events carry. A fault that was never healed has no end; an event without an id (a
// node that crashed by itself, the recovery after the last heal) is a moment and ends where it
// begins.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/history/event.h"

namespace sunder::results {

struct FaultWindow {
  /// "kill", "pause", "partition", ..., "crash"
  std::string kind;
  /// The nodes it was aimed at; empty if it names none.
  std::vector<std::string> targets;
  history::Time from{0};
  std::optional<history::Time> until;
  /// The whole value of the injecting event.
  history::Value detail;
};

/// In the order of injection. A heal event without a fault that is open is passed over, and so is
/// what befell nobody: a fault that was skipped, a report on what one did.
std::vector<FaultWindow> fault_windows(std::span<const history::Event> nemesis_events);

}  // namespace sunder::results
