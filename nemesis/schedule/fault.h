#pragma once
// A fault is data: what is broken, on whom, when, for how long. It says nothing of how; that is
// nemesis.h. Faults are read from and written to JSON, one object each:
//
//   {"id":3,"kind":"partition","shape":"bridge","target":"one","at":"1250ms","duration":"2s",
//    "pick":71}
//
// `target` is a rule's name or a list of nodes, ["n1","n4"]. `pick` seeds the choices that are made
// at the moment of injection. Optional are `trigger` (trigger.h) and `ambush`, a name.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json_fwd.hpp>

#include "nemesis/kinds/clock_setting.h"
#include "nemesis/kinds/disk_trouble.h"
#include "nemesis/kinds/membership_change.h"
#include "nemesis/kinds/message_fault.h"
#include "nemesis/kinds/partition.h"
#include "nemesis/schedule/duration.h"
#include "nemesis/schedule/target.h"
#include "nemesis/schedule/trigger.h"

namespace sunder::nemesis {

/// The process dies by SIGKILL; it is started again on healing.
struct Kill {
  bool operator==(const Kill&) const = default;
};
/// The process is stopped by SIGSTOP; it continues on healing.
struct Pause {
  bool operator==(const Pause&) const = default;
};
/// Killed and started over and over. A short `up` kills during recovery.
struct RestartStorm {
  Duration down{0};
  Duration up{0};
  bool operator==(const RestartStorm&) const = default;
};
/// Killed; for the second half of the duration it is started again but gets nowhere (SIGSTOP).
struct SlowStart {
  bool operator==(const SlowStart&) const = default;
};
/// The process dies together with what its disk was not told to sync; started again on healing.
struct PowerLoss {
  Unsynced unsynced = Unsynced::lost;
  bool operator==(const PowerLoss&) const = default;
};
/// See disk_faults.h for how it heals.
struct DiskFault {
  DiskTrouble trouble = DiskTrouble::fail_sync;
  /// Only of a slow disk.
  Duration delay{0};
  bool operator==(const DiskFault&) const = default;
};
/// The clock that the node goes by is wrong until healing.
struct ClockFault {
  ClockSetting setting;
  bool operator==(const ClockFault&) const = default;
};
struct Partition {
  PartitionShape shape = PartitionShape::one;
  bool operator==(const Partition&) const = default;
};
/// Connections are closed and cannot be made again until healing.
struct Cut {
  Direction direction = Direction::both;
  bool operator==(const Cut&) const = default;
};
/// Connections are torn down by RST, over and over; they may be made again at once.
struct Reset {
  Duration every{0};
  Direction direction = Direction::both;
  bool operator==(const Reset&) const = default;
};

/// Leadership is transferred to the target. Nothing is left to be healed; the duration is how long
/// it may be tried.
struct Transfer {
  bool operator==(const Transfer&) const = default;
};
/// Nodes are taken out of the voters; they are added again on healing.
struct Membership {
  MembershipChange change = MembershipChange::remove;
  bool operator==(const Membership&) const = default;
};

using Action = std::variant<Kill, Pause, RestartStorm, SlowStart, Partition, Cut, Reset,
                            MessageFault, Transfer, Membership, PowerLoss, DiskFault, ClockFault>;

struct Fault {
  /// Unique in its schedule.
  int id = 0;
  Action action;
  Target target;
  /// Since the start of the schedule. With a trigger: when it is armed.
  Duration at{0};
  Duration duration{0};
  std::uint64_t pick = 0;
  std::optional<Trigger> trigger = {};
  /// The ambush that the fault belongs to; empty for none.
  std::string ambush = {};
  bool operator==(const Fault&) const = default;
};

/// What is done: "kill", "partition", ...
std::string_view kind_of(const Fault& fault);

/// What was asked for: "ambush" for a fault of an ambush, else its kind. Also `f` in the history.
std::string_view nemesis_of(const Fault& fault);

nlohmann::ordered_json to_json(const Fault& fault);

/// `where` ("faults[2]") begins the message of the std::invalid_argument that is thrown if a member
/// is missing, unknown or not allowed.
Fault fault_from_json(const nlohmann::json& json, std::string_view where);

}  // namespace sunder::nemesis
