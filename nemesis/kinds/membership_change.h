#pragma once
// What becomes of a node that is taken out of the voters until it is added again.

#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class MembershipChange {
  remove,   ///< It runs on and keeps its disk.
  replace,  ///< It is killed, and started again with an empty disk.
  grow,     ///< As with replace; and two nodes are added at a time.
};

const EnumNames<MembershipChange>& membership_change_names();

}  // namespace sunder::nemesis
