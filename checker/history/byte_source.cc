#include "checker/history/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checker/history/input_error.h"

namespace sunder::history {

namespace {

constexpr std::size_t packed_block_bytes = std::size_t{1} << 16;
/// The longest of the marks by which packed data begins.
constexpr std::size_t magic_bytes = 6;

/// A copy of the standard input, so that each source closes its own.
int open_to_read(const std::filesystem::path& path) {
  if (path == "-") return ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

}  // namespace

ByteSource::ByteSource(const std::filesystem::path& path, Packed packed)
    : name_(path == "-" ? "standard input" : path.string()), descriptor_(open_to_read(path)) {
  struct stat status {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw InputError({name_}, fmt::format("cannot be opened: {}", std::strerror(error)));
  }
  try {
    if (S_ISDIR(status.st_mode)) throw InputError({name_}, "is a folder: name a file");
    if (packed == Packed::unpacked) choose_unpacker();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
  is_plain_file_ = S_ISREG(status.st_mode) && unpacker_ == nullptr;
  size_bytes_ = status.st_size;
}

ByteSource::~ByteSource() {
  ::close(descriptor_);
}

void ByteSource::choose_unpacker() {
  input_.resize(packed_block_bytes);
  while (end_ < magic_bytes) {
    const auto count = read_file(&input_[end_], input_.size() - end_);
    if (count == 0) break;
    end_ += count;
  }
  unpacker_ = unpacker_for({input_.data(), end_}, name_);
  whole_ = unpacker_ == nullptr;
}

std::size_t ByteSource::read_file(char* to, std::size_t room) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, to, room);
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw InputError({name_}, fmt::format("cannot be read: {}", std::strerror(errno)));
  return static_cast<std::size_t>(count);
}

std::size_t ByteSource::read(char* to, std::size_t room) {
  if (unpacker_ != nullptr) return read_packed(to, room);
  if (begin_ == end_) return read_file(to, room);
  const auto count = std::min(room, end_ - begin_);
  std::memcpy(to, &input_[begin_], count);
  begin_ += count;
  return count;
}

std::size_t ByteSource::read_packed(char* to, std::size_t room) {
  while (true) {
    const auto step = unpacker_->unpack(input_.data() + begin_, end_ - begin_, to, room);
    begin_ += step.taken;
    if (!step.damage.empty()) {
      throw InputError({name_}, fmt::format("its packed data is damaged ({})", step.damage));
    }
    if (step.taken > 0 || step.made > 0) whole_ = step.is_whole;
    if (step.made > 0) return step.made;
    if (begin_ < end_) {
      if (step.taken > 0) continue;
      throw InputError({name_}, "its packed data is damaged");
    }
    begin_ = 0;
    end_ = read_file(input_.data(), input_.size());
    if (end_ > 0) continue;
    cut_off_ = !whole_;
    return 0;
  }
}

}  // namespace sunder::history
