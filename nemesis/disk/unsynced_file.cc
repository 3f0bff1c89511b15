#include "nemesis/disk/unsynced_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

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

constexpr std::uint64_t block_bytes = 4096;
constexpr std::uint64_t sector_bytes = 512;
/// Of one file, so that what is remembered of it stays small.
constexpr std::size_t most_remembered = 64;
constexpr std::uint64_t longest_tail = 2 * block_bytes;

std::uint64_t blocks_of(std::uint64_t size) {
  return (size + block_bytes - 1) / block_bytes;
}

}  // namespace

UnsyncedFile::UnsyncedFile(int descriptor)
    : descriptor_(descriptor),
      size_(size_of(descriptor)),
      durable_size_(size_),
      kept_(size_),
      written_blocks_(blocks_of(size_), true) {}

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
  const std::uint64_t end = offset + bytes.size();
  for (std::uint64_t block = offset / block_bytes; block < blocks_of(end); ++block) {
    if (block >= written_blocks_.size() || !written_blocks_[block]) changes_metadata_ = true;
  }
  if (end > size_) changes_metadata_ = true;
  size_ = std::max(size_, end);
}

void UnsyncedFile::truncate(std::uint64_t size) {
  dirty_.erase(size, size_);
  abandoned_.erase(size, size_);
  kept_ = std::min(kept_, size);
  if (size != size_) changes_metadata_ = true;
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
  written_blocks_.resize(blocks_of(size_));
  for (const auto& [offset, bytes] : dirty_.parts()) {
    remember(offset, bytes);
    write_durable(offset, bytes);
    const auto first = written_blocks_.begin() + static_cast<std::ptrdiff_t>(offset / block_bytes);
    std::fill(
        first,
        written_blocks_.begin() + static_cast<std::ptrdiff_t>(blocks_of(offset + bytes.size())),
        true);
  }
  resize_durable(size_);
  durable_size_ = size_;
  kept_ = size_;
  dirty_.clear();
  last_write_.reset();
  changes_metadata_ = false;
  committed_cut_.reset();
}

void UnsyncedFile::resize_durable(std::uint64_t size) {
  if (size_of(descriptor_) != size && ::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    fail_backing("cannot resize a file of the folder");
  }
}

// Of the last blocks only: a lost write is one that nothing was written over since.
void UnsyncedFile::remember(std::uint64_t offset, std::string_view bytes) {
  const std::uint64_t end = offset + bytes.size();
  const std::uint64_t blocks = blocks_of(end) - offset / block_bytes;
  if (blocks > most_remembered) {
    offset = (blocks_of(end) - most_remembered) * block_bytes;
  }
  while (offset < end) {
    const std::uint64_t size = std::min(end, (offset / block_bytes + 1) * block_bytes) - offset;
    replaced_.push_back({offset, durable_bytes(offset, size), size});
    if (replaced_.size() > most_remembered) replaced_.pop_front();
    offset += size;
  }
}

std::string UnsyncedFile::durable_bytes(std::uint64_t offset, std::uint64_t size) const {
  std::string bytes(size, '\0');
  bytes.resize(read_durable(offset, bytes));
  return bytes;
}

void UnsyncedFile::commit() {
  if (is_cut()) committed_cut_ = kept_;
}

void UnsyncedFile::fail_sync() {
  abandoned_.take(dirty_);
  last_write_.reset();
}

std::uint64_t UnsyncedFile::forget(Names names) {
  const std::uint64_t lost = dirty_.size_bytes() + abandoned_.size_bytes();
  if (names == Names::kept && committed_cut_) {
    resize_durable(*committed_cut_);
    durable_size_ = *committed_cut_;
    written_blocks_.resize(blocks_of(durable_size_));
  }
  committed_cut_.reset();
  changes_metadata_ = false;
  dirty_.clear();
  abandoned_.clear();
  last_write_.reset();
  size_ = durable_size_;
  kept_ = durable_size_;
  return lost;
}

// What the torn write leaves is promised to nobody: last_synced_from_ stays.
std::uint64_t UnsyncedFile::tear(Random& random, Names names) {
  if (!last_write_) return forget();
  const auto [offset, size, file_size_before] = *last_write_;
  const std::uint64_t unsynced = dirty_.size_bytes();
  std::uint64_t cut = offset + random.below(size);
  if (names == Names::kept) cut = std::max(offset, cut / sector_bytes * sector_bytes);
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

// What is settled is promised to nobody: last_synced_from_ stays.
void UnsyncedFile::settle() {
  make_durable();
  abandoned_.clear();
}

std::optional<Damage> UnsyncedFile::cut_tail(Random& random) {
  settle();
  const std::string bytes = durable_bytes(0, durable_size_);
  const std::size_t last = bytes.find_last_not_of('\0');
  if (last == std::string::npos) return std::nullopt;
  const std::uint64_t longest = std::min<std::uint64_t>(last + 1, longest_tail);
  const std::uint64_t size = last - random.below(longest);
  const Damage damage{size, bytes.substr(size), {}};
  truncate(size);
  make_durable();
  return damage;
}

std::optional<Damage> UnsyncedFile::lose_write(Random& random) {
  settle();
  std::vector<Damage> possible;
  for (const auto& [offset, bytes, size] : replaced_) {
    if (offset + size > durable_size_) continue;
    Damage damage{offset, bytes, durable_bytes(offset, size)};
    damage.was.resize(size, '\0');
    if (damage.was != damage.is) possible.push_back(std::move(damage));
  }
  if (possible.empty()) return std::nullopt;
  Damage damage = random.one_of(possible);
  std::swap(damage.was, damage.is);
  write_durable(damage.offset, damage.is);
  return damage;
}

std::optional<Damage> UnsyncedFile::replace(std::uint64_t offset, std::string_view bytes) {
  settle();
  if (offset >= durable_size_) return std::nullopt;
  bytes = bytes.substr(0, durable_size_ - offset);
  Damage damage{offset, durable_bytes(offset, bytes.size()), std::string(bytes)};
  if (damage.was == damage.is) return std::nullopt;
  write_durable(offset, bytes);
  return damage;
}

bool UnsyncedFile::repair(const Damage& damage) {
  const std::uint64_t end = damage.offset + damage.is.size();
  if (damage.is.empty()) {
    if (size_ != end || durable_size_ != end) return false;
    write(damage.offset, damage.was);
    settle();
    return true;
  }
  std::string now(damage.is.size(), '\0');
  now.resize(read(damage.offset, now));
  if (now != damage.is || durable_bytes(damage.offset, now.size()) != damage.is) return false;
  write_durable(damage.offset, damage.was);
  return true;
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
