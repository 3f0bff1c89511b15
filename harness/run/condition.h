#pragma once
// Lets one coroutine wait until something holds. Whoever may have made it true calls changed();
// nothing is polled. In simulated time it works as in the machine's.

#include <functional>
#include <memory>

#include <boost/asio/awaitable.hpp>

#include "nemesis/timekeeper.h"

namespace sunder::harness {

class Condition {
 public:
  using Clock = nemesis::Timekeeper::Clock;

  /// The timekeeper must outlive this.
  explicit Condition(const nemesis::Timekeeper& time) : time_(time), alarm_(time.make_alarm()) {}

  /// Returns as soon as `holds` returns true, and at the deadline; says what `holds` returns then.
  /// One wait at a time.
  boost::asio::awaitable<bool> wait(std::function<bool()> holds,
                                    Clock::time_point deadline = Clock::time_point::max());

  /// Evaluates `holds` at once, so it may be called often. The waiting coroutine goes on later.
  void changed();

 private:
  const nemesis::Timekeeper& time_;
  std::unique_ptr<nemesis::Alarm> alarm_;
  /// Empty unless a coroutine waits.
  std::function<bool()> holds_;
};

}  // namespace sunder::harness
