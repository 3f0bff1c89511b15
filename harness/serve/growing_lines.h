#pragma once
// The lines of a file that another process appends to, as they become whole. The file may be not
// there yet.

#include <cstdint>
#include <filesystem>
#include <string>

namespace sunder::harness::serve {

class GrowingLines {
 public:
  /// `offset` is where a line begins.
  explicit GrowingLines(std::filesystem::path path, std::uint64_t offset = 0)
      : path_(std::move(path)), offset_(offset) {}

  /// The whole lines that came since the last call, with their newlines; about a quarter of a
  /// megabyte at a time. Empty if there are none.
  std::string next();

  /// Behind the last line that was given out.
  std::uint64_t offset() const { return offset_; }

 private:
  std::filesystem::path path_;
  std::uint64_t offset_;
};

}  // namespace sunder::harness::serve
