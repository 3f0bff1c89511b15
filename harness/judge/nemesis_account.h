#pragma once
// What the nemesis' events in a history say: which faults took effect, which nodes exited by
// themselves, whether all healed.

#include <string>
#include <vector>

#include "checker/history/event.h"
#include "checker/run_checks.h"

namespace sunder::harness {

/// sunder itself stood still.
struct Stall {
  history::Time from{0};
  history::Time until{0};
};

struct NemesisAccount {
  /// The kind of each fault that took effect, in their order.
  std::vector<std::string> injected;
  /// From the trigger to the fault, of those that have one.
  std::vector<history::Time> delays;
  std::vector<checker::NodeExit> exits;
  std::vector<Stall> stalls;
  /// Connections between nodes past the proxy: "n1 and n2 (127.1.2.1:40000 -> 127.1.2.2:7100)".
  std::vector<std::string> bypasses;
  /// What was wrong with the helpers by which sunder speaks to the system.
  std::vector<std::string> complaints;
  /// Null if no program has read the nodes' files in the end. Points into the events.
  const history::Event* files = nullptr;
  /// Null if the run ended before. Points into the events.
  const history::Event* recovery = nullptr;
};

/// The events must outlive the account.
NemesisAccount account_of(const std::vector<history::Event>& faults);

}  // namespace sunder::harness
