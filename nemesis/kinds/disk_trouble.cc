#include "nemesis/kinds/disk_trouble.h"

namespace sunder::nemesis {

const EnumNames<DiskTrouble>& disk_trouble_names() {
  static const EnumNames<DiskTrouble> names{{DiskTrouble::fail_sync, "fail-sync"},
                                            {DiskTrouble::full, "full"},
                                            {DiskTrouble::slow, "slow"},
                                            {DiskTrouble::flip, "flip"}};
  return names;
}

const EnumNames<Unsynced>& unsynced_names() {
  static const EnumNames<Unsynced> names{{Unsynced::lost, "lost"}, {Unsynced::torn, "torn"}};
  return names;
}

}  // namespace sunder::nemesis
