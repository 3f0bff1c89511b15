#pragma once
// The file operations of a log. Each completes or throws std::system_error with the file's name. A
// failed sync is never retried: the kernel may have dropped the written pages.

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
  /// The caller must sync the directory.
  void rename(const std::filesystem::path& path);
  /// The contents, and the metadata that is needed to read them (fdatasync).
  void sync_data() const;
  void sync() const;
  /// False if another process holds the lock. The kernel releases it when this process ends.
  bool try_lock() const;

 private:
  [[noreturn]] void fail(const char* action) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Makes creations, renames and removals in the directory durable.
void sync_directory(const std::filesystem::path& directory);

/// Atomic, and durable when it returns: writes another file, syncs it, renames it and syncs the
/// directory.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace sunder
