#include "harness/serve/served_file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sunder::harness::serve {
namespace fs = std::filesystem;

std::optional<fs::path> path_within(const fs::path& root, std::span<const std::string> names) {
  std::error_code error;
  const fs::path folder = fs::canonical(root, error);
  if (error) return {};
  fs::path asked = folder;
  for (const std::string& name : names) asked /= name;
  const fs::path path = fs::canonical(asked, error);
  if (error) return {};
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  if (end != folder.end()) return {};
  return path;
}

std::optional<ServedFile> ServedFile::open(const fs::path& path) {
  // A pipe would have to be waited for.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return {};
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return {};
  }
  return ServedFile(descriptor, static_cast<std::uint64_t>(status.st_size));
}

ServedFile::ServedFile(ServedFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

ServedFile::~ServedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t ServedFile::read(std::uint64_t offset, std::span<char> into) const {
  for (;;) {
    const auto count = ::pread(descriptor_, into.data(), into.size(), static_cast<::off_t>(offset));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "pread");
  }
}

std::string_view content_type_of(const fs::path& path) {
  const std::string ending = path.extension().string();
  if (ending == ".html") return "text/html; charset=utf-8";
  if (ending == ".json") return "application/json; charset=utf-8";
  if (ending == ".xml") return "application/xml; charset=utf-8";
  if (ending == ".jsonl" || ending == ".log") return "text/plain; charset=utf-8";
  return "application/octet-stream";
}

}  // namespace sunder::harness::serve
