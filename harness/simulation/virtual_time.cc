#include "harness/simulation/virtual_time.h"

#include <stdexcept>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sunder::harness::simulation {
namespace {

namespace asio = boost::asio;

/// Rung by an event that may come when the alarm is gone, and may be kept for longer than the
/// timer's io_context.
struct Bell {
  explicit Bell(asio::io_context& io) : timer(io, asio::steady_timer::time_point::max()) {}

  /// Never expires by itself.
  asio::steady_timer timer;
  /// Counts waits, so that what was meant for an earlier one does not end a later one.
  std::uint64_t waits = 0;
};

class VirtualAlarm final : public nemesis::Alarm {
 public:
  VirtualAlarm(simulator::EventQueue& events, asio::io_context& io)
      : events_(events), bell_(std::make_shared<Bell>(io)) {}

  void set(Clock::time_point when) override { when_ = when; }
  Clock::time_point when() const override { return when_; }
  void cancel() override { bell_->timer.cancel(); }

  asio::awaitable<void> wait() override {
    const auto left = when_ - Clock::time_point(events_.now());
    if (left <= Clock::duration::zero()) co_return;
    const auto number = ++bell_->waits;
    if (when_ != Clock::time_point::max()) {
      events_.after(left, [watched = std::weak_ptr(bell_), number] {
        const auto bell = watched.lock();
        if (bell && bell->waits == number) bell->timer.cancel();
      });
    }
    boost::system::error_code rung;
    co_await bell_->timer.async_wait(asio::redirect_error(asio::use_awaitable, rung));
    ++bell_->waits;
  }

 private:
  simulator::EventQueue& events_;
  std::shared_ptr<Bell> bell_;
  Clock::time_point when_ = Clock::time_point::max();
};

}  // namespace

std::unique_ptr<nemesis::Alarm> VirtualTime::make_alarm() const {
  return std::make_unique<VirtualAlarm>(events_, io_);
}

void VirtualTime::run_until(const std::function<bool()>& is_over) {
  io_.restart();
  io_.poll();
  while (!is_over()) {
    if (!events_.run_next(simulator::EventQueue::forever)) {
      throw std::runtime_error("nothing is left to happen in the simulation");
    }
    io_.restart();
    io_.poll();
  }
}

}  // namespace sunder::harness::simulation
