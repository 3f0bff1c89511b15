#include "nemesis/disk/private_mounts.h"

#include <cerrno>

#include <sched.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sunder::nemesis::disk {

bool enter_private_mounts() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// An ordinary user may unmount only what fusermount3 has mounted for them, and by the same way.
void unmount(const std::filesystem::path& folder) {
  if (::umount2(folder.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0 || errno != EPERM) return;
  std::string program = "fusermount3";
  std::string flags = "-quz";
  std::string path = folder.string();
  char* arguments[] = {program.data(), flags.data(), path.data(), nullptr};
  pid_t child = -1;
  if (::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0) return;
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace sunder::nemesis::disk
