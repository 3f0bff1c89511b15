#pragma once
// A simulation's time for coroutines: it passes only when nothing is left to be done at the present
// moment. All of it hangs on one queue of events, so there may be several of these.

#include <functional>

#include "nemesis/timekeeper.h"
#include "node/simulator/event_queue.h"

namespace sunder::harness::simulation {

class VirtualTime final : public nemesis::Timekeeper {
 public:
  /// Both must outlive it and its alarms.
  VirtualTime(simulator::EventQueue& events, boost::asio::io_context& io)
      : events_(events), io_(io) {}

  Clock::time_point now() const override { return Clock::time_point(events_.now()); }
  std::unique_ptr<nemesis::Alarm> make_alarm() const override;

  /// Events and coroutines, in the order of time. Throws what they throw, and std::runtime_error if
  /// nothing is left to happen.
  void run_until(const std::function<bool()>& is_over);

 private:
  simulator::EventQueue& events_;
  boost::asio::io_context& io_;
};

}  // namespace sunder::harness::simulation
