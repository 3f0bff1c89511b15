#include "harness/run/space_watch.h"

#include <cstdint>
#include <stdexcept>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "harness/run/environment.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

constexpr auto look_every = std::chrono::milliseconds(100);
/// What a fast run writes in some beats, and what it takes to say that it was stopped.
constexpr std::uintmax_t least_bytes = 8 << 20;

}  // namespace

SpaceWatch::SpaceWatch(asio::io_context& io, std::filesystem::path folder)
    : timer_(io), folder_(std::move(folder)) {}

asio::awaitable<void> SpaceWatch::watch() {
  while (!stopped_) {
    if (const auto lack = lack_of_space(folder_, least_bytes)) throw std::runtime_error(*lack);
    timer_.expires_after(look_every);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
}

void SpaceWatch::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace sunder::harness
