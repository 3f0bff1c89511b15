#pragma once
// A mount must not outlive the run. Where the process may (as root), it gets a view of all mounts
// of its own, which its children share and nobody else sees: what is mounted there is gone with the
// last of them, however they end. Elsewhere fusermount3 unmounts when the file system's process
// ends.

namespace sunder::nemesis::disk {

/// Call while the process has one thread. False if the process may not.
bool enter_private_mounts();

}  // namespace sunder::nemesis::disk
