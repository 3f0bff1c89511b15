#include "checker/history/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checker/history/input_error.h"

namespace sunder::history {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 20;

/// A small file gets a buffer of twice its size, so that its end is read without growing the
/// buffer.
std::size_t block_for(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return most_bytes;
  const auto size = static_cast<std::size_t>(std::max<off_t>(status.st_size, 2048));
  return std::min(2 * size, most_bytes);
}

}  // namespace

LineReader::LineReader(const std::filesystem::path& path) : file_(path.string()) {
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    throw InputError({file_}, fmt::format("cannot be opened: {}", std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) {
    ::close(descriptor_);
    throw InputError({file_}, "is a folder: name a file");
  }
  size_bytes_ = status.st_size;
  block_bytes_ = block_for(status);
  buffer_.resize(block_bytes_ + padding);
  skip_byte_order_mark();
}

// Editors on Windows put one before the first line.
void LineReader::skip_byte_order_mark() {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  while (end_ < mark.size() && refill()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(mark)) begin_ = mark.size();
}

LineReader::~LineReader() {
  ::close(descriptor_);
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
  const std::size_t held = end_ - begin_;
  if (held > 0 && begin_ > 0) std::memmove(buffer_.data(), &buffer_[begin_], held);
  begin_ = 0;
  end_ = held;
  if (buffer_.size() - padding - end_ < block_bytes_ / 2) buffer_.resize(buffer_.size() * 2);
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, &buffer_[end_], buffer_.size() - padding - end_);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    throw InputError({file_}, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  end_ += static_cast<std::size_t>(count);
  return count > 0;
}

}  // namespace sunder::history
