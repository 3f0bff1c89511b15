#pragma once
// The signals that ask sunder to stop: SIGINT (Ctrl-C), SIGTERM and SIGHUP. All mean the same.
// A command with an event loop handles them with StopSignals. Every other moment of the program
// belongs to end_at_stop_signals(): the process ends at once with `unknown`, since nothing was
// proved. Surprise: a SIGHUP that was ignored when sunder started (nohup) stays ignored.

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace sunder::harness {

/// Call once, at the start of the program.
void end_at_stop_signals();

class StopSignals {
 public:
  /// `on_signal` is called from the io_context for each signal.
  StopSignals(boost::asio::io_context& io, std::function<void()> on_signal);
  /// From here on a signal ends the process at once again.
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Nothing keeps the io_context running. Until this object is gone, signals are ignored.
  void stop_waiting() { signals_.cancel(); }

 private:
  void wait();

  boost::asio::signal_set signals_;
  std::function<void()> on_signal_;
};

}  // namespace sunder::harness
