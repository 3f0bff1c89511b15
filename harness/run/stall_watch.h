#pragma once
// Notices when sunder itself stood still, because the machine gave it no processor or its disk
// accepted no bytes. Meanwhile its proxy forwarded nothing and its clients received no answers, so
// the pause proves nothing against the system under test.

#include <chrono>
#include <functional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sunder::harness {

class StallWatch {
 public:
  /// Called at the end of a stall.
  using OnStall = std::function<void(std::chrono::nanoseconds took)>;

  StallWatch(boost::asio::io_context& io, OnStall on_stall)
      : timer_(io), on_stall_(std::move(on_stall)) {}

  /// Until stop().
  boost::asio::awaitable<void> watch();
  void stop();

 private:
  boost::asio::steady_timer timer_;
  OnStall on_stall_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
