#include "node/disk/files.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sunder {
namespace {

int flags_of(File::Mode mode) {
  switch (mode) {
    case File::Mode::read:
      return O_RDONLY;
    case File::Mode::read_write:
      return O_RDWR;
    case File::Mode::create:
      return O_RDWR | O_CREAT;
  }
  return O_RDONLY;
}

}  // namespace

File::File(const std::filesystem::path& path, Mode mode) : path_(path) {
  descriptor_ = ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail("open");
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void File::fail(const char* action) const {
  throw std::system_error(errno, std::generic_category(),
                          fmt::format("cannot {} {}", action, path_.string()));
}

std::string File::read_all() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail("examine");
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count =
        ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

void File::write_at(std::size_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write");
    offset += static_cast<std::size_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void File::truncate(std::size_t size) const {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) fail("truncate");
}

void File::rename(const std::filesystem::path& path) {
  if (::rename(path_.c_str(), path.c_str()) != 0) fail("rename");
  path_ = path;
}

void File::sync_data() const {
  if (::fdatasync(descriptor_) != 0) fail("sync");
}

void File::sync() const {
  if (::fsync(descriptor_) != 0) fail("sync");
}

bool File::try_lock() const {
  return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
}

void sync_directory(const std::filesystem::path& directory) {
  File(directory, File::Mode::read).sync();
}

void replace_file(const std::filesystem::path& path, std::string_view bytes) {
  auto aside = path;
  aside += ".tmp";
  {
    const File file(aside, File::Mode::create);
    file.truncate(0);
    file.write_at(0, bytes);
    file.sync();
  }
  std::filesystem::rename(aside, path);
  sync_directory(path.parent_path());
}

}  // namespace sunder
