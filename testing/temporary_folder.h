#pragma once
// A folder for one test, of any room.

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include <stdlib.h>

namespace sunder {

/// An empty folder of its own, gone with the object and with all that is in it by then.
class TemporaryFolder {
 public:
  /// Throws std::system_error if none can be made.
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sunder-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), pattern);
    }
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sunder
