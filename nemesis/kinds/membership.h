#pragma once
// Nodes are taken out of the voters; they are added again on healing.

#include "nemesis/schedule/enum_names.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

enum class MembershipChange {
  remove,   ///< The node runs on and keeps its disk.
  replace,  ///< The node is killed, and started again with an empty disk.
  grow,     ///< As `replace`, and two nodes are added at a time.
};

struct Membership {
  MembershipChange change = MembershipChange::remove;
  bool operator==(const Membership&) const = default;
};

const FaultKind& kind_of(const Membership&);

}  // namespace sunder::nemesis
