#include "harness/process/watchdog.h"

#include <array>
#include <cerrno>
#include <climits>
#include <ctime>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nemesis/disk/private_mounts.h"

namespace sunder::harness {

namespace {

bool read_whole(int pipe, char* bytes, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::read(pipe, bytes + got, size - got);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    got += static_cast<std::size_t>(count);
  }
  return true;
}

// Until nobody of the group can mount anything any more. A dead process that nobody reaps counts as
// one that lives, so this has an end.
void await_death(pid_t group) {
  constexpr timespec pause{0, 1'000'000};
  for (int i = 0; i < 2000 && ::kill(-group, 0) == 0; ++i) ::nanosleep(&pause, nullptr);
}

}  // namespace

// One write of this size is atomic on a pipe, so the watchdog never reads half a message.
struct Watchdog::Message {
  char what;
  pid_t group;
  std::array<char, 3000> folder;
};

void Watchdog::watch(int pipe) {
  ::setsid();
  // Standard streams too: whoever reads sunder's output to its end must not wait for the watchdog.
  for (int descriptor = 0; descriptor < 3; ++descriptor) ::close(descriptor);
  std::set<pid_t> groups;
  std::set<std::string> mounts;
  std::set<std::string> folders;
  Message message{};
  while (read_whole(pipe, reinterpret_cast<char*>(&message), sizeof message)) {
    if (message.what == '+') groups.insert(message.group);
    if (message.what == '-') groups.erase(message.group);
    if (message.what == 'm') mounts.insert(message.folder.data());
    if (message.what == 'u') mounts.erase(message.folder.data());
    if (message.what == 'f') folders.insert(message.folder.data());
    if (message.what == 'r') folders.erase(message.folder.data());
  }
  for (const pid_t group : groups) ::kill(-group, SIGKILL);
  if (!mounts.empty() || !folders.empty()) {
    for (const pid_t group : groups) await_death(group);
  }
  for (const std::string& folder : mounts) nemesis::disk::unmount(folder);
  for (const std::string& folder : folders) {
    std::error_code nobody_hears_of_it;
    std::filesystem::remove_all(folder, nobody_hears_of_it);
  }
  ::_exit(0);
}

Watchdog::Watchdog() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make the watchdog's pipe");
  }
  // What ends sunder must not end the watchdog before it, also if both are sent it.
  sigset_t all{};
  sigset_t before{};
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  pid_ = ::fork();
  if (pid_ != 0) ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid_ < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot fork the watchdog");
  }
  if (pid_ == 0) {
    ::close(ends[1]);
    watch(ends[0]);
  }
  ::close(ends[0]);
  pipe_ = ends[1];
}

Watchdog::~Watchdog() {
  ::close(pipe_);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Watchdog::guard(pid_t group) {
  tell_or_throw({'+', group, {}});
}

void Watchdog::release(pid_t group) {
  tell({'-', group, {}});
}

void Watchdog::guard_mount(const std::filesystem::path& folder) {
  tell_or_throw(about('m', folder));
}

void Watchdog::release_mount(const std::filesystem::path& folder) {
  tell(about('u', folder));
}

void Watchdog::guard_folder(const std::filesystem::path& folder) {
  tell_or_throw(about('f', folder));
}

void Watchdog::release_folder(const std::filesystem::path& folder) {
  tell(about('r', folder));
}

Watchdog::Message Watchdog::about(char what, const std::filesystem::path& folder) {
  Message message{what, 0, {}};
  const std::string path = std::filesystem::absolute(folder).string();
  if (path.size() >= message.folder.size()) {
    throw std::runtime_error("the path is too long for the watchdog: " + path);
  }
  path.copy(message.folder.data(), path.size());
  return message;
}

/// False if the watchdog is gone: then there is nothing to be released from, either.
bool Watchdog::tell(const Message& message) {
  static_assert(sizeof(Message) <= PIPE_BUF);
  return ::write(pipe_, &message, sizeof message) == static_cast<ssize_t>(sizeof message);
}

void Watchdog::tell_or_throw(const Message& message) {
  if (tell(message)) return;
  throw std::system_error(errno, std::generic_category(),
                          "sunder's watchdog was killed, so nothing more is started");
}

}  // namespace sunder::harness
