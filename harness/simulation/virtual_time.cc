#include "harness/simulation/virtual_time.h"

#include <stdexcept>

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sunder::harness::simulation {
namespace {

namespace asio = boost::asio;

/// An event may ring it after the alarm is gone.
struct Bell {
  explicit Bell(asio::io_context& io) : channel(io) {}

  void ring() { channel.cancel(); }

  /// Nothing is ever sent: a wait ends when the channel is cancelled. A timer would do too, but it
  /// makes io_context::poll() a system call, and that is called after each event.
  asio::experimental::channel<void(boost::system::error_code)> channel;
  /// Counts waits, so that an event that was meant for an earlier wait does not end a later one.
  std::uint64_t waits = 0;
};

class VirtualAlarm final : public nemesis::Alarm {
 public:
  VirtualAlarm(simulator::EventQueue& events, asio::io_context& io)
      : events_(events), bell_(std::make_shared<Bell>(io)) {}

  void set(Clock::time_point when) override { when_ = when; }
  Clock::time_point when() const override { return when_; }
  void cancel() override { bell_->ring(); }

  asio::awaitable<void> wait() override {
    const auto left = when_ - Clock::time_point(events_.now());
    if (left <= Clock::duration::zero()) co_return;
    const auto number = ++bell_->waits;
    if (when_ != Clock::time_point::max()) {
      events_.after(left, [watched = std::weak_ptr(bell_), number] {
        const auto bell = watched.lock();
        if (bell && bell->waits == number) bell->ring();
      });
    }
    boost::system::error_code rung;
    co_await bell_->channel.async_receive(asio::redirect_error(asio::use_awaitable, rung));
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
