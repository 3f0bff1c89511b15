#pragma once
// The run's time: nanoseconds on the monotonic clock since the run began. Nodes get the epoch, so
// their traces and the history have the same time axis.

#include <chrono>
#include <functional>
#include <utility>

namespace sunder::harness {

class RunClock {
 public:
  using Clock = std::chrono::steady_clock;

  RunClock() : RunClock(Clock::now) {}
  /// For a run in simulated time.
  explicit RunClock(std::function<Clock::time_point()> clock)
      : read_(std::move(clock)), epoch_(read_()) {}

  std::chrono::nanoseconds now() const { return read_() - epoch_; }

  /// CLOCK_MONOTONIC at the start of the run; steady_clock is that clock on Linux.
  std::chrono::nanoseconds epoch() const { return epoch_.time_since_epoch(); }

 private:
  std::function<Clock::time_point()> read_;
  Clock::time_point epoch_;
};

}  // namespace sunder::harness
