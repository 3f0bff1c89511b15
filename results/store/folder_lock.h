#pragma once
// The right to work in a folder: one process has it at a time. The kernel releases the lock when
// the process ends, also when it is killed. Reading a folder needs no lock, and FolderInUse is no
// lock. Surprise: nothing is written into the folder, so that read-only folders can be locked.

#include <filesystem>

namespace sunder::results {

class FolderLock {
 public:
  /// Throws std::runtime_error that names the process that has the lock.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace sunder::results
