#pragma once
// The lines of a text of any size, in a buffer of at most a megabyte (or one line, if longer).
// Invariant: `padding` bytes after the end of a returned line may be read, as vectorised parsers
// do. Surprise: a line is valid only until the next call.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/budget.h"
#include "checker/history/byte_source.h"

namespace sunder::history {

class LineReader {
 public:
  static constexpr std::size_t padding = 64;

  /// Throws InputError if the file cannot be opened.
  explicit LineReader(const std::filesystem::path& path);
  /// Of what a user named: also "-", a pipe, a packed file. It keeps all lines until
  /// stop_keeping(), so that the format can be found in a text that can be read only once. What it
  /// holds and reads counts in the budget, which must outlive it.
  LineReader(const std::filesystem::path& path, checker::Budget& budget);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The next line without its newline; absent at the end of the file.
  std::optional<std::string_view> next();
  /// Back to the first line. Only while all lines are kept.
  void rewind();
  void stop_keeping() { keeps_ = false; }
  /// The number of the line last returned, from 1.
  std::int64_t line_number() const { return line_number_; }
  /// Whether the line last returned is the file's last and has no newline: the writer may have been
  /// killed in the middle of it.
  bool is_unterminated() const { return unterminated_; }
  /// Whether packed data ended in the middle. Only behind the last line.
  bool is_cut_off() const { return source_.is_cut_off(); }
  const std::string& file() const { return source_.name(); }
  /// 0 if the text's size is not known.
  std::int64_t size_bytes() const { return source_.is_plain_file() ? source_.size_bytes() : 0; }

 private:
  LineReader(const std::filesystem::path& path, ByteSource::Packed packed, checker::Budget* budget);
  void skip_byte_order_mark();
  /// Moves the rest to the front of the buffer and reads more after it. False at the end of the
  /// file.
  bool refill();

  ByteSource source_;
  checker::Budget* budget_;
  std::size_t block_bytes_ = 0;
  std::vector<char> buffer_;
  /// Behind the byte order mark.
  std::size_t first_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::int64_t line_number_ = 0;
  bool keeps_;
  bool unterminated_ = false;
};

}  // namespace sunder::history
