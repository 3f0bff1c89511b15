#pragma once
// A sign on a folder that a process is still writing it: a run or a campaign in progress. The sign
// is a lock that the kernel takes away with the process, so one that was killed leaves none.
// Surprise: it hinders nobody. Looking for it does not take it, so any number may look.

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

/// Whether some process holds the sign. False of a folder that cannot be opened.
bool is_in_use(const std::filesystem::path& folder);

}  // namespace sunder::results
