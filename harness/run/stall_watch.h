#pragma once
// Notices when sunder itself stood still, because the machine gave it no processor or its disk took
// no bytes: its proxy carried nothing then and its clients could not be answered, so that a silence
// proves nothing against the system under test.

#include <chrono>
#include <functional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sunder::harness {

class StallWatch {
 public:
  /// Gets, at its end, how long it took.
  using Stalled = std::function<void(std::chrono::nanoseconds took)>;

  StallWatch(boost::asio::io_context& io, Stalled stalled)
      : timer_(io), stalled_(std::move(stalled)) {}

  /// Until stop().
  boost::asio::awaitable<void> watch();
  void stop();

 private:
  boost::asio::steady_timer timer_;
  Stalled stalled_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
