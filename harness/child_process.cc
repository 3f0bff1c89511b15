#include "harness/child_process.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sunder::harness {

namespace {

namespace process = boost::process::v2;
using ErrorCode = boost::system::error_code;

constexpr int trace_descriptor = 3;

// What is done in the child between fork and exec: own group, death with sunder, the trace's pipe.
struct ChildSetup {
  int trace_pipe;
  pid_t parent;

  template <typename Launcher>
  ErrorCode on_setup(Launcher& launcher, const process::filesystem::path&,
                     const char* const*) const {
    if (trace_pipe >= 0) launcher.fd_whitelist.push_back(trace_descriptor);
    return {};
  }

  template <typename Launcher>
  ErrorCode on_exec_setup(Launcher&, const process::filesystem::path&, const char* const*) const {
    const bool done = ::setpgid(0, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
                      (trace_pipe < 0 || ::dup2(trace_pipe, trace_descriptor) >= 0) &&
                      restore_signals();
    if (!done) return ErrorCode(errno, boost::system::system_category());
    // Sunder may have died before the prctl: then nobody would send the signal.
    if (::getppid() != parent) ::_exit(EXIT_FAILURE);
    return {};
  }

  // What sunder blocks or ignores is no business of the system under test.
  static bool restore_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0 && ::signal(SIGPIPE, SIG_DFL) != SIG_ERR;
  }
};

std::string describe_exit(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
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
      : watchdog_(watchdog), exited_(std::move(exited)), process_(io.get_executor()) {
    const int log = open_log(options.log_file);
    ErrorCode error;
    process_ = process::posix::default_launcher{}(
        io, error, process::filesystem::path(options.program.string()), options.arguments,
        process::process_stdio{nullptr, log, log}, ChildSetup{options.trace_pipe, ::getpid()});
    ::close(log);
    if (error) {
      throw std::runtime_error(
          fmt::format("cannot start {}: {}", options.program.string(), error.message()));
    }
    pid_ = process_.id();
    watchdog_.guard(pid_);
  }

  void wait() {
    process_.async_wait([self = shared_from_this()](ErrorCode error, int) {
      if (error == boost::asio::error::operation_aborted || self->reaped_) return;
      self->reaped();
      // Taken out first: the callback may destroy the ChildProcess, and with it the callback.
      const auto exited = std::exchange(self->exited_, nullptr);
      if (exited) exited(describe_exit(self->process_.native_exit_code()));
    });
  }

  void signal(int number) {
    if (!reaped_) ::kill(-pid_, number);
  }

  void destroy() {
    exited_ = nullptr;
    if (reaped_) return;
    ::kill(-pid_, SIGKILL);
    ErrorCode ignored;
    process_.wait(ignored);
    reaped();
  }

  pid_t pid() const { return pid_; }

 private:
  void reaped() {
    reaped_ = true;
    watchdog_.release(pid_);
  }

  Watchdog& watchdog_;
  std::function<void(std::string)> exited_;
  process::process process_;
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
