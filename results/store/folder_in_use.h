#pragma once
// Marks a folder that a process is still writing: a run or a campaign in progress. The mark is a
// lock that the kernel releases when the process ends, also when it is killed.
// Surprise: the lock excludes nobody. Testing for it does not take it, so any number may test.

#include <filesystem>

namespace sunder::results {

class FolderInUse {
 public:
  /// Throws std::runtime_error naming the folder if it cannot be opened or locked.
  explicit FolderInUse(const std::filesystem::path& folder);
  ~FolderInUse();
  FolderInUse(const FolderInUse&) = delete;
  FolderInUse& operator=(const FolderInUse&) = delete;

 private:
  int descriptor_;
};

/// Whether a process holds the lock. False for a folder that cannot be opened.
bool is_in_use(const std::filesystem::path& folder);

}  // namespace sunder::results
