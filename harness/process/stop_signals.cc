#include "harness/process/stop_signals.h"

#include <array>
#include <string_view>
#include <utility>

#include <signal.h>
#include <unistd.h>

#include "harness/exit_code.h"

namespace sunder::harness {

namespace {

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP};

/// Of StopSignals: the last one gives the signals back.
int handlers = 0;

bool is_ignored_for_good(int signal) {
  static const bool ignores_hangup = [] {
    struct sigaction action {};
    return ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
  }();
  return signal == SIGHUP && ignores_hangup;
}

/// Only what a signal handler may call.
void end_at_once(int /*signal*/) {
  constexpr std::string_view remark = "sunder: interrupted: stopped at once, without a verdict\n";
  static_cast<void>(!::write(STDERR_FILENO, remark.data(), remark.size()));
  ::_exit(static_cast<int>(ExitCode::unknown));
}

}  // namespace

void end_at_stop_signals() {
  struct sigaction action {};
  action.sa_handler = end_at_once;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : stop_signals) {
    if (!is_ignored_for_good(signal)) ::sigaction(signal, &action, nullptr);
  }
}

StopSignals::StopSignals(boost::asio::io_context& io, std::function<void()> on_signal)
    : signals_(io), on_signal_(std::move(on_signal)) {
  ++handlers;
  for (const int signal : stop_signals) {
    if (!is_ignored_for_good(signal)) signals_.add(signal);
  }
  wait();
}

StopSignals::~StopSignals() {
  boost::system::error_code ignored;
  signals_.clear(ignored);
  if (--handlers == 0) end_at_stop_signals();
}

void StopSignals::wait() {
  signals_.async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    // First, so that on_signal() may stop the waiting.
    wait();
    on_signal_();
  });
}

}  // namespace sunder::harness
