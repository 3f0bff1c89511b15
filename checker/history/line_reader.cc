#include "checker/history/line_reader.h"

#include <algorithm>
#include <cstring>

#include "checker/history/input_error.h"
#include "checker/invariant.h"

namespace sunder::history {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20;

/// A small file gets a buffer of twice its size, so that its end is read without growing the
/// buffer.
std::size_t block_for(const ByteSource& source) {
  if (!source.is_plain_file()) return most_bytes;
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(source.size_bytes(), 2048));
  return std::min(2 * size, most_bytes);
}

/// Text of 16 bits a character, with its mark or without: JSON and EDN begin with ASCII.
bool is_utf_16(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return true;
  return text.size() >= 2 && (text[0] == 0) != (text[1] == 0);
}

}  // namespace

LineReader::LineReader(const std::filesystem::path& path)
    : LineReader(path, ByteSource::Packed::as_it_is, nullptr) {}

LineReader::LineReader(const std::filesystem::path& path, checker::Budget& budget)
    : LineReader(path, ByteSource::Packed::unpacked, &budget) {}

LineReader::LineReader(const std::filesystem::path& path, ByteSource::Packed packed,
                       checker::Budget* budget)
    : source_(path, packed),
      budget_(budget),
      block_bytes_(block_for(source_)),
      buffer_(block_bytes_ + padding),
      keeps_(budget != nullptr) {
  skip_byte_order_mark();
  if (budget != nullptr && is_utf_16({&buffer_[begin_], std::min<std::size_t>(end_ - begin_, 2)})) {
    throw InputError({file()},
                     "is UTF-16: sunder reads UTF-8. Convert it: iconv -f UTF-16 -t UTF-8 FILE | "
                     "sunder check -");
  }
}

// Editors on Windows put one before the first line.
void LineReader::skip_byte_order_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  while (end_ < mark.size() && refill()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(mark)) first_ = mark.size();
  begin_ = first_;
}

void LineReader::rewind() {
  CHECK(keeps_, "{} cannot be read again", file());
  begin_ = first_;
  line_number_ = 0;
  unterminated_ = false;
}

std::optional<std::string_view> LineReader::next() {
  std::size_t searched = begin_;
  while (true) {
    const void* newline = nullptr;
    if (searched < end_) newline = std::memchr(&buffer_[searched], '\n', end_ - searched);
    if (newline != nullptr) {
      const std::string_view line(&buffer_[begin_],
                                  static_cast<const char*>(newline) - &buffer_[begin_]);
      begin_ += line.size() + 1;
      ++line_number_;
      return line;
    }
    const std::size_t held = end_ - begin_;
    if (refill()) {
      searched = begin_ + held;
      continue;
    }
    if (held == 0) return std::nullopt;
    const std::string_view line(&buffer_[begin_], held);
    begin_ = end_;
    ++line_number_;
    unterminated_ = true;
    return line;
  }
}

bool LineReader::refill() {
  if (!keeps_) {
    const std::size_t held = end_ - begin_;
    if (held > 0 && begin_ > 0) std::memmove(buffer_.data(), &buffer_[begin_], held);
    begin_ = 0;
    end_ = held;
  }
  if (buffer_.size() - padding - end_ < block_bytes_ / 2) {
    if (budget_ != nullptr) budget_->expect(2 * buffer_.size());
    buffer_.resize(buffer_.size() * 2);
  }
  const auto count = source_.read(&buffer_[end_], buffer_.size() - padding - end_);
  if (budget_ != nullptr) budget_->spend(count);
  end_ += count;
  return count > 0;
}

}  // namespace sunder::history
