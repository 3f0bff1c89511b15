#include "harness/run/stall_watch.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto beat = 100ms;
// A busy machine is late by less, and elections bear it.
constexpr auto least_stall = 500ms;

}  // namespace

asio::awaitable<void> StallWatch::watch() {
  while (!stopped_) {
    const auto due = std::chrono::steady_clock::now() + beat;
    timer_.expires_at(due);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    const auto late = std::chrono::steady_clock::now() - due;
    if (late >= least_stall) on_stall_(late);
  }
}

void StallWatch::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace sunder::harness
