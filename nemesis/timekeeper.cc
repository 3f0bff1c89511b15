#include "nemesis/timekeeper.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sunder::nemesis {
namespace {

namespace asio = boost::asio;

class MachineAlarm final : public Alarm {
 public:
  explicit MachineAlarm(asio::io_context& io) : timer_(io) {}

  void set(Clock::time_point when) override { timer_.expires_at(when); }
  Clock::time_point when() const override { return timer_.expiry(); }
  void cancel() override { timer_.cancel(); }
  asio::awaitable<void> wait() override {
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }

 private:
  asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<Alarm> MachineTime::make_alarm() const {
  return std::make_unique<MachineAlarm>(io_);
}

}  // namespace sunder::nemesis
