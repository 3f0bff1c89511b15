#pragma once
// The run's time: nanoseconds on the monotonic clock since the run began. Nodes get the epoch, so
// that their traces and the history share one axis.

#include <chrono>

namespace sunder::harness {

class RunClock {
 public:
  RunClock() : epoch_(std::chrono::steady_clock::now()) {}

  std::chrono::nanoseconds now() const { return std::chrono::steady_clock::now() - epoch_; }

  /// CLOCK_MONOTONIC at the start of the run; steady_clock is that clock on Linux.
  std::chrono::nanoseconds epoch() const { return epoch_.time_since_epoch(); }

 private:
  std::chrono::steady_clock::time_point epoch_;
};

}  // namespace sunder::harness
