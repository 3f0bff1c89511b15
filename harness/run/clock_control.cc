#include "harness/run/clock_control.h"

#include <chrono>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

// Between two attempts to reach a node that does not listen yet.
constexpr auto retry_pause = std::chrono::milliseconds(5);

}  // namespace

ClockControl::ClockControl(asio::io_context& io, std::unique_ptr<ClockSetter> setter, OnSet on_set)
    : io_(io), setter_(std::move(setter)), on_set_(std::move(on_set)) {}

void ClockControl::set(const nemesis::ClockSetting& setting) {
  wanted_ = setting;
  if (!is_running_ || std::exchange(is_talking_, true)) return;
  asio::co_spawn(io_, talk(), [this](const std::exception_ptr& failure) {
    is_talking_ = false;
    if (failure) std::rethrow_exception(failure);
  });
}

void ClockControl::node_started() {
  known_ = wanted_;
  is_running_ = true;
}

asio::awaitable<void> ClockControl::talk() {
  asio::steady_timer timer(io_);
  while (is_running_ && known_ != wanted_) {
    const auto asked = wanted_;
    const auto shown = co_await setter_->set(asked);
    if (shown) {
      known_ = asked;
      on_set_(*shown);
    } else {
      timer.expires_after(retry_pause);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
}

}  // namespace sunder::harness
