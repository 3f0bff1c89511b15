#pragma once
// A mount must not outlive the run. Where the process may (as root), it gets a view of all mounts
// of its own, which its children share and nobody else sees: what is mounted there is gone with the
// last of them, however they end. Of other users somebody must outlive the run to unmount.

#include <filesystem>

namespace sunder::nemesis::disk {

/// Call while the process has one thread. False if the process may not.
bool enter_private_mounts();

/// Also of what is in use or whose process is dead. Nothing happens if it is no mount.
void unmount(const std::filesystem::path& folder);

}  // namespace sunder::nemesis::disk
