#pragma once
// The lines of a text file of any size, in a buffer of at most a megabyte (or one line, if longer).
// Invariant: `padding` bytes after the end of a returned line may be read, as vectorised parsers
// do. Surprise: a line is valid only until the next call.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sunder::history {

class LineReader {
 public:
  static constexpr std::size_t padding = 64;

  /// Throws InputError if the file cannot be opened.
  explicit LineReader(const std::filesystem::path& path);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The next line without its newline; absent at the end of the file.
  std::optional<std::string_view> next();
  /// The number of the line last returned, from 1.
  std::int64_t line_number() const { return line_number_; }
  /// Whether the line last returned is the file's last and has no newline: the writer may have been
  /// killed in the middle of it.
  bool is_unterminated() const { return unterminated_; }
  const std::string& file() const { return file_; }
  std::int64_t size_bytes() const { return size_bytes_; }

 private:
  /// Moves the rest to the front of the buffer and reads more after it. False at the end of the
  /// file.
  void skip_byte_order_mark();
  bool refill();

  std::string file_;
  int descriptor_ = -1;
  std::int64_t size_bytes_ = 0;
  std::size_t block_bytes_ = 0;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::int64_t line_number_ = 0;
  bool unterminated_ = false;
};

}  // namespace sunder::history
