#pragma once
// What sunder's own events in a history say: which faults took effect, which nodes exited by
// themselves, whether the system recovered.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/history/run_event.h"
#include "checker/run_checks.h"
#include "harness/judge/disk_account.h"

namespace sunder::harness {

/// sunder itself did not run.
struct Stall {
  history::Time from{0};
  history::Time until{0};
};

struct NemesisAccount {
  /// The name of each fault that took effect, in order.
  std::vector<std::string> injected;
  /// Whether one of them stood between nodes.
  bool has_broken_links = false;
  DiskAccount disks;
  /// From the trigger to the fault, of those that have one.
  std::vector<history::Time> delays;
  std::vector<checker::NodeExit> exits;
  std::vector<Stall> stalls;
  /// Connections between nodes past the proxy: "n1 and n2 (127.1.2.1:40000 -> 127.1.2.2:7100)".
  std::vector<std::string> bypasses;
  /// What was wrong with the helper processes of the driver.
  std::vector<std::string> complaints;
  /// Absent if no program checked the nodes' files after the run.
  std::optional<history::FilesReport> files;
  /// Absent if the run ended before it.
  std::optional<history::Recovery> recovery;
  history::Time recovery_time{0};
};

NemesisAccount account_of(std::span<const history::RunRecord> records);

}  // namespace sunder::harness
