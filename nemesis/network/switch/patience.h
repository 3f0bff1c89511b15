#pragma once
// Decides whether the switch's thread polls for the next frame before it sleeps. To be woken takes
// longer than to carry a frame, and the answer to a frame often follows at once. But a thread that
// polls takes a core from the nodes: it does so for some microseconds, only while that pays, and
// not on a machine whose cores are all busy.

#include <algorithm>
#include <chrono>

namespace sunder::nemesis {

class Patience {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::microseconds longest{20};

  /// Whether to poll now, for `longest` at most.
  bool polls(Time now) {
    if (now < busy_until_) return false;
    if (sleeps_ == 0) return true;
    --sleeps_;
    return false;
  }

  /// A poll ended, with a frame or in vain.
  void polled(bool in_vain) {
    vain_ = in_vain ? std::min(vain_ + 1, most_vain) : 0;
    sleeps_ = (1 << vain_) - 1;
  }

  /// The kernel gave the core to another thread while this one wanted it.
  void was_interrupted(Time now) { busy_until_ = now + pause_when_busy; }

 private:
  static constexpr int most_vain = 6;
  static constexpr std::chrono::milliseconds pause_when_busy{50};

  // Polls in vain since the last one that paid, and how often to sleep before the next.
  int vain_ = 0;
  int sleeps_ = 0;
  Time busy_until_{};
};

}  // namespace sunder::nemesis
