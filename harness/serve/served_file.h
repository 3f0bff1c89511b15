#pragma once
// A file of a folder that is shown to others: found by names below it, and never outside, whatever
// links there are in between.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/serve/byte_range.h"

namespace sunder::harness::serve {

/// Where the names lead from `root`, with all links followed. Absent if there is nothing, or it is
/// outside.
std::optional<std::filesystem::path> path_within(const std::filesystem::path& root,
                                                 std::span<const std::string> names);

class ServedFile {
 public:
  /// Absent if it is no ordinary file or cannot be read.
  static std::optional<ServedFile> open(const std::filesystem::path& path);
  ServedFile(ServedFile&& other) noexcept;
  ServedFile& operator=(ServedFile&&) = delete;
  ~ServedFile();

  /// As it was when it was opened: a run in progress goes on writing.
  std::uint64_t size() const { return size_; }
  /// The bytes from `offset` on that fit into `into`; fewer at the end, none behind it. Throws
  /// std::system_error.
  std::size_t read(std::uint64_t offset, std::span<char> into) const;

 private:
  ServedFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}

  int descriptor_;
  std::uint64_t size_;
};

/// By the name's ending, for the field Content-Type. All files of a run but pages are text.
std::string_view content_type_of(const std::filesystem::path& path);

}  // namespace sunder::harness::serve
