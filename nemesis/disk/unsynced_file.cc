#include "nemesis/disk/unsynced_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace sunder::nemesis::disk {
namespace {

[[noreturn]] void fail_backing(const char* action) {
  throw std::system_error(errno, std::generic_category(), action);
}

std::uint64_t size_of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail_backing("cannot examine a file of the folder");
  return static_cast<std::uint64_t>(status.st_size);
}

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

UnsyncedFile::UnsyncedFile(int descriptor)
    : descriptor_(descriptor), size_(size_of(descriptor)), durable_size_(size_), kept_(size_) {}

UnsyncedFile::~UnsyncedFile() {
  ::close(descriptor_);
}

std::size_t UnsyncedFile::read(std::uint64_t offset, std::span<char> buffer) const {
  if (offset >= size_) return 0;
  buffer = buffer.first(std::min<std::uint64_t>(buffer.size(), size_ - offset));
  std::size_t durable = 0;
  if (offset < kept_) {
    durable =
        read_durable(offset, buffer.first(std::min<std::uint64_t>(buffer.size(), kept_ - offset)));
  }
  std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(durable), buffer.end(), '\0');
  abandoned_.lay_over(offset, buffer);
  dirty_.lay_over(offset, buffer);
  return buffer.size();
}

void UnsyncedFile::write(std::uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  last_write_ = {offset, bytes.size(), size_};
  abandoned_.erase(offset, offset + bytes.size());
  dirty_.put(offset, bytes);
  size_ = std::max(size_, offset + bytes.size());
}

void UnsyncedFile::truncate(std::uint64_t size) {
  dirty_.erase(size, size_);
  abandoned_.erase(size, size_);
  kept_ = std::min(kept_, size);
  size_ = size;
}

void UnsyncedFile::sync() {
  const auto written = std::find_if(dirty_.parts().begin(), dirty_.parts().end(),
                                    [](const auto& part) { return !is_zero(part.second); });
  if (written != dirty_.parts().end()) {
    last_synced_from_ = written->first;
    is_finished_ = false;
  }
  make_durable();
}

void UnsyncedFile::make_durable() {
  if (is_cut() && ::ftruncate(descriptor_, static_cast<off_t>(kept_)) != 0) {
    fail_backing("cannot cut a file of the folder");
  }
  for (const auto& [offset, bytes] : dirty_.parts()) write_durable(offset, bytes);
  if (size_of(descriptor_) != size_ && ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) {
    fail_backing("cannot resize a file of the folder");
  }
  durable_size_ = size_;
  kept_ = size_;
  dirty_.clear();
  last_write_.reset();
}

void UnsyncedFile::fail_sync() {
  abandoned_.take(dirty_);
  last_write_.reset();
}

std::uint64_t UnsyncedFile::forget() {
  const std::uint64_t lost = dirty_.size_bytes() + abandoned_.size_bytes();
  dirty_.clear();
  abandoned_.clear();
  last_write_.reset();
  size_ = durable_size_;
  kept_ = durable_size_;
  return lost;
}

// What the torn write leaves is promised to nobody: last_synced_from_ stays.
std::uint64_t UnsyncedFile::tear(Random& random) {
  if (!last_write_) return forget();
  const auto [offset, size, file_size_before] = *last_write_;
  const std::uint64_t unsynced = dirty_.size_bytes();
  const std::uint64_t cut = offset + random.below(size);
  dirty_.erase(cut, offset + size);
  // A truncation after the write may have made the file shorter than the cut.
  if (size_ == offset + size) size_ = std::max(file_size_before, cut);
  const std::uint64_t lost = unsynced - dirty_.size_bytes() + abandoned_.size_bytes();
  make_durable();
  abandoned_.clear();
  return lost;
}

std::optional<std::uint64_t> UnsyncedFile::draw_settled_byte(Random& random) const {
  const bool is_last_write_settled = is_finished_ || has_written_behind_the_last_sync();
  const std::uint64_t end =
      is_last_write_settled ? durable_size_ : std::min(last_synced_from_, durable_size_);
  if (end == 0) return std::nullopt;
  std::string bytes(end, '\0');
  bytes.resize(read_durable(0, bytes));
  const std::size_t from = random.below(end);
  auto found = bytes.find_first_not_of('\0', from);
  if (found == std::string::npos) found = bytes.find_last_not_of('\0');
  if (found == std::string::npos) return std::nullopt;
  return found;
}

bool UnsyncedFile::has_written_behind_the_last_sync() const {
  return !dirty_.empty() && dirty_.parts().rbegin()->first > last_synced_from_;
}

void UnsyncedFile::flip(std::uint64_t offset, std::uint8_t bits) {
  std::array<char, 1> byte{};
  if (read_durable(offset, byte) != 1) return;
  byte[0] = static_cast<char>(static_cast<std::uint8_t>(byte[0]) ^ bits);
  write_durable(offset, {byte.data(), byte.size()});
}

void UnsyncedFile::write_durable(std::uint64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_backing("cannot write a file of the folder");
    offset += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::size_t UnsyncedFile::read_durable(std::uint64_t offset, std::span<char> buffer) const {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t count = ::pread(descriptor_, buffer.data() + done, buffer.size() - done,
                                  static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_backing("cannot read a file of the folder");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

}  // namespace sunder::nemesis::disk
