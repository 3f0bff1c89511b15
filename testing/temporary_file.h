#pragma once
// A file for one test, of any room.

#include <filesystem>
#include <fstream>
#include <string>

#include "testing/temporary_folder.h"

namespace sunder {

/// A file of that content, gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "file";
};

}  // namespace sunder
