#pragma once
// What faults act on. A fault breaks processes, links and the set of voters under its id, so that
// the nemesis can undo whatever it was: each holder here releases what a fault's id holds. Disks
// and clocks have no holder: the kinds that break them look at the faults that are active.

#include <functional>
#include <map>

#include "nemesis/cluster_control.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/schedule/fault.h"
#include "nemesis/stage/process_holds.h"
#include "nemesis/stage/voter_holds.h"

namespace sunder::nemesis {

/// Runs a step of an active fault after a delay, unless the fault is healed by then.
using Later = std::function<void(int fault_id, Duration delay, std::function<void()> step)>;

/// Lives as long as the nemesis.
struct Stage {
  ClusterControl& cluster;
  ProcessHolds& processes;
  VoterHolds& voters;
  LinkRules& links;
  /// By id, with node numbers as their targets; without the one that is injected or healed now.
  const std::map<int, Fault>& active;
  Later later;
};

}  // namespace sunder::nemesis
