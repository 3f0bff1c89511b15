#pragma once
// What a power loss does to changes of names that no sync of their folder has made durable.

namespace sunder::nemesis::disk {

enum class Names {
  lost,  ///< All of them are undone, as POSIX allows.
  kept,  ///< Those that the journal holds stay, as on ext4 and XFS (unsynced_store.h).
};

}  // namespace sunder::nemesis::disk
