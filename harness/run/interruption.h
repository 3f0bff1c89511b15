#pragma once
// Ctrl-C and SIGTERM. The first one calls `on_interrupt`: the run heals and is judged. The second
// one throws StoppedAtOnce out of the io_context.

#include <functional>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace sunder::harness {

class StoppedAtOnce : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Interruption {
 public:
  Interruption(boost::asio::io_context& io, std::function<void()> on_interrupt);

  bool has_come() const { return has_come_; }
  /// The signals have their usual effect when this is gone; until then they are ignored.
  void stop_waiting() { signals_.cancel(); }

 private:
  void wait();

  boost::asio::signal_set signals_;
  std::function<void()> on_interrupt_;
  bool has_come_ = false;
};

}  // namespace sunder::harness
