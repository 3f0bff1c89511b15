#pragma once
// The few file operations a log needs, each complete or thrown as std::system_error that names the
// file. A failed sync is never retried: after it the kernel may have dropped what was written.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace sunder {

/// Owns a file descriptor, closed on exec.
class File {
 public:
  enum class Mode { read, read_write, create };

  File() = default;
  File(const std::filesystem::path& path, Mode mode);
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string read_all() const;
  void write_at(std::size_t offset, std::string_view bytes) const;
  void truncate(std::size_t size) const;
  /// The directory is the caller's to sync.
  void rename(const std::filesystem::path& path);
  /// Contents, and what is needed to find them.
  void sync_data() const;
  void sync() const;
  /// False if another process holds it; released by the kernel when this one ends.
  bool try_lock() const;

 private:
  [[noreturn]] void fail(const char* action) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Makes creations, renames and removals in the directory durable.
void sync_directory(const std::filesystem::path& directory);

/// All or nothing, durable when it returns: written aside, synced, renamed.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace sunder
