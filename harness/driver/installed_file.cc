#include "harness/driver/installed_file.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "results/store/run_store.h"

namespace sunder::harness {

void install_file(const std::filesystem::path& file, std::string_view text) {
  const auto folder = file.parent_path();
  std::filesystem::create_directories(folder);
  results::write_whole_file(file, text);
  // Its name is on the disk only when the folder is.
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_synced) {
    throw std::runtime_error(
        fmt::format("cannot sync {}: {}", folder.string(), std::strerror(error)));
  }
}

}  // namespace sunder::harness
