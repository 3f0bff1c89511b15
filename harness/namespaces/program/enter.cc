#include "harness/namespaces/program/enter.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/namespaces/program/obstacle.h"

namespace sunder::harness::namespaces {

namespace {

constexpr int cannot_start = 127;

int open_namespace(const std::string& path, Step step) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  require(step, descriptor >= 0);
  return descriptor;
}

// Both are opened first: from inside the user namespace sunder's descriptors are out of reach.
void join(const Entrance& entrance) {
  const int user = open_namespace(entrance.user, Step::user_namespace);
  const int network = open_namespace(entrance.network, Step::network_namespace);
  require(Step::user_namespace, ::setns(user, CLONE_NEWUSER) == 0);
  require(Step::network_namespace, ::setns(network, CLONE_NEWNET) == 0);
  ::close(user);
  ::close(network);
}

// Mounts made outside may appear here, but none of these outside.
void furnish_mounts(const std::string& etc) {
  require(Step::mounts, ::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0);
  require(Step::hosts_file,
          ::mount((etc + "/hosts").c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr) == 0);
  const bool has_names = ::mount((etc + "/nsswitch.conf").c_str(), "/etc/nsswitch.conf", nullptr,
                                 MS_BIND, nullptr) == 0;
  require(Step::hosts_file, has_names || errno == ENOENT);
}

void mount_proc() {
  require(Step::proc,
          ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0);
}

void die_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

sigset_t block_all_signals() {
  sigset_t all{};
  sigset_t before{};
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  return before;
}

[[noreturn]] void become(char** program) {
  ::execv(program[0], program);
  std::fprintf(stderr, "cannot start %s: %s\n", program[0], std::strerror(errno));
  ::_exit(cannot_start);
}

struct Pipe {
  Pipe() { require(Step::other_namespaces, ::pipe2(ends.data(), O_CLOEXEC) == 0); }
  void keep_only(int own) { ::close(ends.at(static_cast<std::size_t>(1 - own))); }
  std::array<int, 2> ends{};
};

// What reads a trace or an output to its end must not wait for the processes around the program.
void close_all_but(int kept) {
  const auto number = static_cast<unsigned>(kept);
  if (number > 0) ::close_range(0, number - 1, 0);
  ::close_range(number + 1, ~0U, 0);
}

// Process 1. `parent` closes when the process outside is gone, and `outcome` gets the status of the
// program.
[[noreturn]] void reap(char** program, int parent, int outcome, const sigset_t& signals) {
  die_with_parent();
  pollfd gone{parent, 0, 0};
  if (::poll(&gone, 1, 0) != 0) ::_exit(0);
  try {
    mount_proc();
  } catch (const Obstacle& obstacle) {
    std::fprintf(stderr, "%s\n", obstacle.what());
    ::_exit(cannot_start);
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);
    ::sigprocmask(SIG_SETMASK, &signals, nullptr);
    become(program);
  }
  if (child < 0) ::_exit(cannot_start);
  close_all_but(outcome);
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, 0);
    if (ended != child) continue;
    if (::write(outcome, &status, sizeof status) != sizeof status) ::_exit(cannot_start);
    ::_exit(0);
  }
}

// The same end, but without a second core file.
[[noreturn]] void end_like(int status) {
  if (WIFEXITED(status)) ::_exit(WEXITSTATUS(status));
  const rlimit no_core{};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int number = WTERMSIG(status);
  ::signal(number, SIG_DFL);
  sigset_t only{};
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::raise(number);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::_exit(128 + number);
}

// Process 1 is gone when all of its namespace are. If it did not report the program's end, it was
// killed, and all with it.
[[noreturn]] void wait_outside(pid_t init, int outcome) {
  int status = 0;
  ssize_t size = 0;
  while ((size = ::read(outcome, &status, sizeof status)) < 0 && errno == EINTR) {
  }
  int own_status = 0;
  while (::waitpid(init, &own_status, 0) < 0 && errno == EINTR) {
  }
  end_like(size == sizeof status ? status : own_status);
}

}  // namespace

void enter(const Entrance& entrance, char** program) {
  const pid_t parent = ::getppid();
  join(entrance);
  // A change of the user may have cleared it.
  die_with_parent();
  if (::getppid() != parent) ::_exit(EXIT_FAILURE);
  const int processes = entrance.has_own_processes ? CLONE_NEWPID | CLONE_NEWIPC : 0;
  require(Step::other_namespaces, ::unshare(CLONE_NEWNS | CLONE_NEWUTS | processes) == 0);
  furnish_mounts(entrance.etc);
  require(Step::other_namespaces,
          ::sethostname(entrance.host_name.data(), entrance.host_name.size()) == 0);
  if (!entrance.has_own_processes) become(program);
  Pipe alive;
  Pipe outcome;
  const auto signals = block_all_signals();
  const pid_t init = ::fork();
  require(Step::other_namespaces, init >= 0);
  if (init == 0) {
    alive.keep_only(0);
    outcome.keep_only(1);
    reap(program, alive.ends[0], outcome.ends[1], signals);
  }
  alive.keep_only(1);
  outcome.keep_only(0);
  // `alive` stays open: it is how process 1 knows that this process lives.
  ::close_range(0, STDERR_FILENO + 1, 0);
  wait_outside(init, outcome.ends[0]);
}

void rehearse(const std::string& etc) {
  require(Step::other_namespaces,
          ::unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID) == 0);
  furnish_mounts(etc);
  const pid_t init = ::fork();
  require(Step::other_namespaces, init >= 0);
  if (init == 0) {
    const bool done =
        ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
    ::_exit(done ? 0 : errno);
  }
  int status = 0;
  while (::waitpid(init, &status, 0) < 0 && errno == EINTR) {
  }
  if (const int error = WEXITSTATUS(status)) throw Obstacle(Step::proc, error);
}

}  // namespace sunder::harness::namespaces
