#include "nemesis/disk/private_mounts.h"

#include <sched.h>
#include <sys/mount.h>

namespace sunder::nemesis::disk {

bool enter_private_mounts() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

}  // namespace sunder::nemesis::disk
