#include "results/store/folder_in_use.h"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sunder::results {

namespace {

int open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/// Over the whole folder. Of the open file description, not of the process: what the process does
/// with other descriptors of the folder does not drop it.
struct flock lock_of(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

FolderInUse::FolderInUse(const std::filesystem::path& folder) : descriptor_(open_folder(folder)) {
  auto lock = lock_of(F_RDLCK);
  if (descriptor_ >= 0 && ::fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) return;
  const int error = errno;
  if (descriptor_ >= 0) ::close(descriptor_);
  throw std::runtime_error(fmt::format("cannot lock the folder {}: {}", folder.string(),
                                       std::generic_category().message(error)));
}

FolderInUse::~FolderInUse() {
  ::close(descriptor_);
}

bool is_in_use(const std::filesystem::path& folder) {
  const int descriptor = open_folder(folder);
  if (descriptor < 0) return false;
  // Asks which process would block a write lock, without taking one.
  auto lock = lock_of(F_WRLCK);
  const bool known = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0;
  ::close(descriptor);
  return known && lock.l_type != F_UNLCK;
}

}  // namespace sunder::results
