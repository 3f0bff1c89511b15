#include "harness/process/child_process.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/process/pid_namespace.h"

namespace sunder::harness {

namespace {

namespace process = boost::process::v2;
using ErrorCode = boost::system::error_code;

// What is done in the child between fork and exec: own group, death with sunder, what it inherits.
struct ChildSetup {
  int inherited;
  pid_t parent;
  const char* const* environment;

  template <typename Launcher>
  ErrorCode on_setup(Launcher& launcher, const process::filesystem::path&,
                     const char* const*) const {
    launcher.env = environment;
    if (inherited >= 0) launcher.fd_whitelist.push_back(inherited_descriptor);
    return {};
  }

  template <typename Launcher>
  ErrorCode on_exec_setup(Launcher&, const process::filesystem::path&, const char* const*) const {
    const bool done = ::setpgid(0, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
                      (inherited < 0 || hand_over()) && leave_descriptors_behind() &&
                      restore_signals();
    if (!done) return ErrorCode(errno, boost::system::system_category());
    // Sunder may have died before the prctl: then nobody would send the signal.
    if (::getppid() != parent) ::_exit(EXIT_FAILURE);
    return {};
  }

  // What has the right number already keeps its flags, and must not be closed by exec.
  bool hand_over() const {
    return inherited == inherited_descriptor ? ::fcntl(inherited, F_SETFD, 0) == 0
                                             : ::dup2(inherited, inherited_descriptor) >= 0;
  }

  // Asio's sockets lack CLOEXEC, and Boost's launcher closes only what is numbered above its own
  // pipe: a node would hold connections of sunder's open.
  bool leave_descriptors_behind() const {
    const int first = inherited >= 0 ? inherited_descriptor + 1 : STDERR_FILENO + 1;
    return ::close_range(static_cast<unsigned>(first), ~0U, CLOSE_RANGE_CLOEXEC) == 0;
  }

  // What sunder blocks or ignores is no business of the system under test.
  static bool restore_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0 &&
           ::signal(SIGPIPE, SIG_DFL) != SIG_ERR && ::signal(SIGXFSZ, SIG_DFL) != SIG_ERR;
  }
};

std::string describe_exit(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

/// Closes what was handed over, whatever happens.
class Handover {
 public:
  explicit Handover(int descriptor) : descriptor_(descriptor) {}
  ~Handover() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;

 private:
  int descriptor_;
};

/// What is added to sunder's own, or all that there is, as exec takes it.
class Environment {
 public:
  Environment(const std::map<std::string, std::string>& added, bool inherits) {
    for (char** entry = ::environ; inherits && *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      if (!added.contains(std::string(text.substr(0, text.find('='))))) entries_.emplace_back(text);
    }
    for (const auto& [name, value] : added) entries_.push_back(fmt::format("{}={}", name, value));
    for (const auto& entry : entries_) pointers_.push_back(entry.c_str());
    pointers_.push_back(nullptr);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  const char* const* pointers() const { return pointers_.data(); }

 private:
  std::vector<std::string> entries_;
  std::vector<const char*> pointers_;
};

process::detail::process_input_binding input_of(const ChildProcess::Options& options) {
  if (options.input < 0) return nullptr;
  return options.input;
}

int open_log(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file >= 0) return file;
  throw std::runtime_error(
      fmt::format("cannot open the log {}: {}", path.string(), std::strerror(errno)));
}

}  // namespace

class ChildProcess::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(boost::asio::io_context& io, Watchdog& watchdog, const Options& options,
                 std::function<void(std::string)> exited)
      : watchdog_(watchdog),
        exited_(std::move(exited)),
        descriptor_(io),
        enters_pid_namespace_(options.enters_pid_namespace) {
    const Handover inherited(options.inherited);
    const Handover input(options.input);
    const Handover output(options.output);
    const Environment environment(options.environment, options.inherits_environment);
    const int log = open_log(options.log_file);
    ErrorCode error;
    auto started = process::posix::default_launcher{}(
        io, error, process::filesystem::path(options.program.string()), options.arguments,
        process::process_stdio{input_of(options), options.output < 0 ? log : options.output, log},
        ChildSetup{options.inherited, ::getpid(), environment.pointers()});
    ::close(log);
    if (error) {
      throw std::runtime_error(
          fmt::format("cannot start {}: {}", options.program.string(), error.message()));
    }
    pid_ = started.id();
    // From here on this class alone reaps the process.
    started.detach();
    try {
      descriptor_.assign(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
      watchdog_.guard(pid_);
    } catch (...) {
      destroy();
      throw;
    }
  }

  // The descriptor may be reported readable for no reason, so each wake-up asks again.
  void wait() {
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [self = shared_from_this()](ErrorCode error) {
                             if (error || self->reaped_) return;
                             if (!self->has_ended()) return self->wait();
                             // Until it is reaped, no other group can have its number.
                             ::kill(-self->pid_, SIGKILL);
                             int status = 0;
                             ::waitpid(self->pid_, &status, 0);
                             self->reaped();
                             // Taken out first: the callback may destroy the ChildProcess, and with
                             // it the callback.
                             const auto exited = std::exchange(self->exited_, nullptr);
                             if (exited) exited(describe_exit(status));
                           });
  }

  void signal(int number) {
    if (reaped_) return;
    if (enters_pid_namespace_) return signal_pid_namespace(pid_, number);
    ::kill(-pid_, number);
  }

  void destroy() {
    exited_ = nullptr;
    if (reaped_) return;
    signal(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    reaped();
  }

  pid_t pid() {
    if (enters_pid_namespace_ && !program_) program_ = program_in_pid_namespace(pid_);
    return program_.value_or(pid_);
  }

 private:
  bool has_ended() const {
    siginfo_t ended{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           ended.si_pid == pid_;
  }

  void reaped() {
    reaped_ = true;
    descriptor_.close();
    watchdog_.release(pid_);
  }

  Watchdog& watchdog_;
  std::function<void(std::string)> exited_;
  boost::asio::posix::stream_descriptor descriptor_;
  bool enters_pid_namespace_;
  // In the namespace, once it is known.
  std::optional<pid_t> program_;
  pid_t pid_ = -1;
  bool reaped_ = false;
};

ChildProcess::ChildProcess(boost::asio::io_context& io, Watchdog& watchdog, const Options& options,
                           std::function<void(std::string how)> exited)
    : implementation_(std::make_shared<Implementation>(io, watchdog, options, std::move(exited))) {
  implementation_->wait();
}

ChildProcess::~ChildProcess() {
  implementation_->destroy();
}

pid_t ChildProcess::pid() const {
  return implementation_->pid();
}

void ChildProcess::signal(int number) {
  implementation_->signal(number);
}

}  // namespace sunder::harness
