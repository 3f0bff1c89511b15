#include "harness/watchdog.h"

#include <array>
#include <cerrno>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sunder::harness {

namespace {

// One write of this size is atomic on a pipe, so the watchdog never reads half a message.
struct Message {
  char what;
  pid_t group;
};

bool read_whole(int pipe, Message& message) {
  auto* bytes = reinterpret_cast<char*>(&message);
  std::size_t got = 0;
  while (got < sizeof message) {
    const ssize_t count = ::read(pipe, bytes + got, sizeof message - got);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    got += static_cast<std::size_t>(count);
  }
  return true;
}

[[noreturn]] void watch(int pipe) {
  ::setsid();
  // Standard streams too: whoever reads sunder's output to its end must not wait for the watchdog.
  for (int descriptor = 0; descriptor < 3; ++descriptor) ::close(descriptor);
  std::set<pid_t> groups;
  Message message{};
  while (read_whole(pipe, message)) {
    if (message.what == '+') groups.insert(message.group);
    if (message.what == '-') groups.erase(message.group);
  }
  for (const pid_t group : groups) ::kill(-group, SIGKILL);
  ::_exit(0);
}

}  // namespace

Watchdog::Watchdog() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make the watchdog's pipe");
  }
  pid_ = ::fork();
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
  tell('+', group);
}

void Watchdog::release(pid_t group) {
  tell('-', group);
}

void Watchdog::tell(char what, pid_t group) {
  const Message message{what, group};
  if (::write(pipe_, &message, sizeof message) != static_cast<ssize_t>(sizeof message)) {
    throw std::system_error(errno, std::generic_category(), "the watchdog process is gone");
  }
}

}  // namespace sunder::harness
