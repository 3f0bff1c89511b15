#include "harness/run/environment.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "harness/driver/systems.h"

namespace sunder::harness {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr std::uintmax_t mebibyte = 1 << 20;

/// The folder itself, or the nearest one above it that exists.
fs::path existing_part(const fs::path& folder) {
  std::error_code error;
  auto place = fs::absolute(folder, error);
  while (place.has_relative_path() && !fs::exists(place, error)) place = place.parent_path();
  return place;
}

/// Nodes allot space for their logs before they write. A history, its traces and the frames on the
/// wire grow with the time; the first minute is a lower bound that a long run must have, too.
std::uintmax_t bytes_for(const Plan& plan) {
  constexpr std::uintmax_t per_node = 16 * mebibyte;
  constexpr std::uintmax_t per_second = 2 * mebibyte;
  const auto seconds = std::min<Duration>(plan.time_limit, 60s) / 1s;
  return static_cast<std::uintmax_t>(plan.nodes) * per_node +
         static_cast<std::uintmax_t>(seconds) * per_second;
}

void require_space(const Plan& plan, const fs::path& runs_dir) {
  const auto needed = bytes_for(plan);
  // What cannot be asked is found out by the first write.
  if (const auto lack = lack_of_space(existing_part(runs_dir), needed)) {
    throw std::runtime_error(fmt::format(
        "a run of {} nodes for {} needs at least {} MiB, but {}: free some space, or choose "
        "another disk with --runs-dir",
        plan.nodes, to_text(plan.time_limit), needed / mebibyte, *lack));
  }
  struct rlimit largest_file {};
  if (::getrlimit(RLIMIT_FSIZE, &largest_file) == 0 && largest_file.rlim_cur < needed) {
    throw std::runtime_error(fmt::format(
        "the limit on the size of a file is {} MiB, but a run of {} nodes for {} needs at least {} "
        "MiB: remove the limit with 'ulimit -f unlimited'",
        largest_file.rlim_cur / mebibyte, plan.nodes, to_text(plan.time_limit), needed / mebibyte));
  }
}

/// Nodes, clients and proxy talk by addresses of the loopback interface.
void require_loopback() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) {
    throw std::runtime_error(fmt::format("cannot make a socket: {}", std::strerror(errno)));
  }
  struct ifreq request {};
  std::strcpy(request.ifr_name, "lo");
  const bool is_known = ::ioctl(socket, SIOCGIFFLAGS, &request) == 0;
  ::close(socket);
  if (is_known && (request.ifr_flags & IFF_UP) == 0) {
    throw std::runtime_error(
        "the loopback interface is down, but nodes and clients talk over it: 'ip link set lo up'");
  }
}

}  // namespace

std::size_t descriptors_for(const Plan& plan) {
  const auto nodes = static_cast<std::size_t>(plan.nodes);
  const auto clients = static_cast<std::size_t>(plan.concurrency);
  const auto links = nodes * (nodes - 1);
  // A link has a listener and its connections, each with two ends; real systems have several.
  const std::size_t per_link = find_system(plan.system).traces ? 5 : 13;
  // A client may have a connection to each node. A node has a process, its trace, its disk, its
  // clock, and whoever asks for its role or gives it orders.
  constexpr std::size_t per_node = 10;
  constexpr std::size_t others = 48;
  const auto of_sunder = others + clients * nodes + links * per_link + nodes * per_node;
  const auto of_a_node = others + 2 * clients + nodes * per_node;
  return std::max(of_sunder, of_a_node);
}

std::optional<std::string> lack_of_space(const fs::path& folder, std::uintmax_t bytes) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
  const auto free = static_cast<std::uintmax_t>(disk.f_bavail) * disk.f_frsize;
  if (free >= bytes) return std::nullopt;
  return fmt::format("the disk of {} is full: {} MiB are free", folder.string(), free / mebibyte);
}

void require_descriptors(std::size_t needed, std::string_view what) {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return;
  const auto soft = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(needed, limit.rlim_max);
  if (limit.rlim_max >= needed && ::setrlimit(RLIMIT_NOFILE, &limit) == 0) return;
  throw std::runtime_error(fmt::format(
      "{} needs {} open files at once, but the limit is {}: raise it with 'ulimit -n {}' (beyond "
      "the hard limit as root, or in /etc/security/limits.conf), or take fewer nodes or clients",
      what, needed, std::max(soft, limit.rlim_max), needed));
}

void require_environment(const Plan& plan, const fs::path& runs_dir) {
  require_descriptors(descriptors_for(plan), fmt::format("a run of {} nodes and {} clients",
                                                         plan.nodes, plan.concurrency));
  require_loopback();
  require_space(plan, runs_dir);
}

}  // namespace sunder::harness
