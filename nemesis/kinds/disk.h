#pragma once
// Disks fail. A node that cannot sync or write, or that finds damage, is right to exit: its exit is
// expected. Healing kills the node, repairs the disk and starts the node again; a slow disk is
// repaired under the running node. Damage is repaired as long as the node has not written there: a
// node that started without what it promised could vote against its promises.
// The surprise: no system need survive some of these troubles (is_beyond_promises). They are never
// drawn unless they are named.

#include <cstdint>
#include <optional>

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

enum class DiskTrouble {
  fail_sync,    ///< The next sync fails, and what it should have written is never written. In half
                ///< of the cases the restarted node can still read it.
  full,         ///< Nothing can be written.
  slow,         ///< Every write and every sync takes longer.
  flip,         ///< One bit of what was synced has changed when the node starts again.
  slow_sync,    ///< Every sync takes longer, no other write.
  full_midway,  ///< A part of one write is written, and nothing after it.
  flip_many,    ///< As flip, the same byte of as many nodes as are targets.
  truncate,     ///< The tail of a synced file is gone.
  lost_write,   ///< A synced write never reached the disk: what it replaced is back.
  copy,         ///< A part of a synced file is what another node has there.
};

struct DiskFault {
  DiskTrouble trouble = DiskTrouble::fail_sync;
  /// Only of a slow disk, or one that syncs slowly.
  Duration delay{0};
  bool operator==(const DiskFault&) const = default;
};

const FaultKind& kind_of(const DiskFault&);

/// Whether the disk loses or replaces what was synced so that a system which trusts its own disk
/// need not notice, or in more copies than a majority can do without.
bool is_beyond_promises(DiskTrouble trouble);

/// Why no fault of disks can be injected into these targets.
std::optional<Refusal> obstacle_to_disk_fault(const Fault& fault, const Stage& stage);

/// Whether an active fault has a target's disk in trouble, in this one or, without it, in any.
bool is_in_trouble(const Fault& fault, const Stage& stage, std::optional<DiskTrouble> which = {});

/// Each target's disk draws from a seed of its own.
std::uint64_t disk_seed(const Fault& fault, NodeId node);

}  // namespace sunder::nemesis
