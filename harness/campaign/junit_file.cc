#include "harness/campaign/junit_file.h"

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "harness/output.h"
#include "results/store/run_store.h"

namespace sunder::harness::campaign {

namespace fs = std::filesystem;

namespace {

/// Such as /dev/stdout, which may be a file that others have open: it must not be replaced.
bool is_stream(const fs::path& path) {
  const auto text = path.lexically_normal().string();
  if (text.starts_with("/dev/") || text.starts_with("/proc/")) return true;
  std::error_code error;
  const auto status = fs::status(path, error);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

bool is_one_of(const fs::path& path, std::initializer_list<std::string_view> names) {
  const auto text = path.lexically_normal().string();
  return std::find(names.begin(), names.end(), text) != names.end();
}

/// Where a link leads, also if nothing is there yet.
fs::path target_of(fs::path path) {
  constexpr int most_links = 40;
  std::error_code error;
  for (int i = 0; i < most_links && fs::is_symlink(path, error); ++i) {
    path = path.parent_path() / fs::read_symlink(path);
  }
  return path;
}

std::string reason() {
  return std::generic_category().message(errno);
}

}  // namespace

void require_writable(const fs::path& junit) {
  const auto refuse = [&junit](std::string_view why) {
    throw std::invalid_argument(fmt::format("--junit {}: {}", junit.string(), why));
  };
  const auto target = is_stream(junit) ? junit : target_of(junit);
  if (fs::is_directory(target)) refuse("is a folder: name a file");
  if (is_stream(target)) {
    if (::access(target.c_str(), W_OK) != 0) refuse(reason());
    return;
  }
  const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    refuse(fmt::format("{}: {}", folder.string(), reason()));
}

void write_junit(const fs::path& junit, std::string_view text) {
  if (!is_stream(junit)) return results::write_whole_file(target_of(junit), text);
  // What is printed goes on where the text ends. A second opening of a file would overwrite it.
  if (is_one_of(junit, {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})) {
    return out::print_text(text);
  }
  if (is_one_of(junit, {"/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"})) {
    return out::remark_text(text);
  }
  const int descriptor = ::open(junit.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  while (descriptor >= 0 && !text.empty()) {
    const auto count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  const auto why = reason();
  if (descriptor >= 0) ::close(descriptor);
  if (!text.empty()) {
    throw std::runtime_error(fmt::format("cannot write {}: {}", junit.string(), why));
  }
}

}  // namespace sunder::harness::campaign
