#pragma once
// A file that only grows: what is appended is handed to the kernel before `append` returns, so it
// outlives this process however that ends.

#include <filesystem>
#include <string_view>

namespace sunder::harness {

class AppendFile {
 public:
  /// Creates the file, which must not exist. Throws std::runtime_error naming it.
  explicit AppendFile(std::filesystem::path path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Appends all of `text`, or throws std::runtime_error naming the file.
  void append(std::string_view text);

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace sunder::harness
