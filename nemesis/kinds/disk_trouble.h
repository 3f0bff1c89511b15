#pragma once
// What a disk does to a node that runs on it.

#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

enum class DiskTrouble {
  fail_sync,  ///< The next sync fails, and what it should have written is never written.
  full,       ///< Nothing can be written.
  slow,       ///< Every write and every sync takes longer.
  flip,       ///< One bit of what was synced is not what it was when the node starts again.
};

const EnumNames<DiskTrouble>& disk_trouble_names();

/// What a power loss leaves of what was not synced.
enum class Unsynced {
  lost,
  torn,  ///< All but the end of each file's last write.
};

const EnumNames<Unsynced>& unsynced_names();

}  // namespace sunder::nemesis
