#pragma once
// Ctrl-C, SIGTERM and SIGHUP in a run. The first one calls `on_interrupt`: the run heals and is
// judged. The second one throws StoppedAtOnce out of the io_context.

#include <functional>
#include <stdexcept>

#include <boost/asio/io_context.hpp>

#include "harness/process/stop_signals.h"

namespace sunder::harness {

class StoppedAtOnce : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Interruption {
 public:
  Interruption(boost::asio::io_context& io, std::function<void()> on_interrupt);

  bool has_come() const { return has_come_; }
  /// Signals are ignored until this is gone; then they end sunder at once.
  void stop_waiting() { signals_.stop_waiting(); }

 private:
  std::function<void()> on_interrupt_;
  bool has_come_ = false;
  StopSignals signals_;
};

}  // namespace sunder::harness
