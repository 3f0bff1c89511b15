#include "nemesis/kinds/membership_change.h"

namespace sunder::nemesis {

const EnumNames<MembershipChange>& membership_change_names() {
  static const EnumNames<MembershipChange> names{{MembershipChange::remove, "remove"},
                                                 {MembershipChange::replace, "replace"},
                                                 {MembershipChange::grow, "grow"}};
  return names;
}

}  // namespace sunder::nemesis
