#pragma once
// How each fault is brought about. All that a fault breaks it breaks under its id, so that
// the release(id) of each part of Stage heal it whatever it was.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nemesis/kinds/process_faults.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/schedule/fault.h"

namespace sunder::nemesis {

/// Runs a step of a fault after a while, unless the fault is healed by then.
using Later = std::function<void(Duration delay, std::function<void()> step)>;

class ClockFaults;
class DiskFaults;

struct Stage {
  int node_count;
  ProcessFaults& processes;
  DiskFaults& disks;
  ClockFaults& clocks;
  LinkRules& links;
  /// For the event: the links that the fault breaks, "n1->n3".
  std::vector<std::string>& broken_links;
  Later later;
};

/// Why a fault could break nothing.
struct Refusal {
  std::string because;
  /// Other faults hold the targets down; it may work when they are healed.
  bool may_pass = false;
  /// The system took the order, and did not carry it out.
  bool was_taken = false;
};

/// The fault's target must be node numbers, and it is none of administrative_faults.h. Empty if
/// something broke; of a fault that is refused nothing is left behind.
std::optional<Refusal> inject(const Fault& fault, const Stage& stage);

}  // namespace sunder::nemesis
