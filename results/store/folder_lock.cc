#include "results/store/folder_lock.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sunder::results {

namespace {

/// "process 4711", from the kernel's list: "3: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF".
std::string holder_of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return "another process";
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number;
    std::string kind;
    std::string manner;
    std::string access;
    std::string process;
    std::string file;
    words >> number >> kind >> manner >> access >> process >> file;
    const bool is_this = file.ends_with(fmt::format(":{}", status.st_ino));
    if (kind == "FLOCK" && is_this) return "process " + process;
  }
  return "another process";
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw std::runtime_error(fmt::format("cannot open the folder {}: {}", folder.string(),
                                         std::generic_category().message(errno)));
  }
  // A file system without locks lets everybody work.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  const auto holder = holder_of(descriptor_);
  ::close(descriptor_);
  throw std::runtime_error(
      fmt::format("{} is at work in {}: wait for its end, or stop it", holder, folder.string()));
}

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

}  // namespace sunder::results
