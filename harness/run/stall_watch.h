#pragma once
// Notices when the machine is too busy. sunder itself stood still, because it got no processor or
// its disk accepted no bytes: meanwhile its proxy forwarded nothing and its clients received no
// answers. Or sunder or a node waited for a processor for most of a second. Such a span proves
// nothing against the system under test.

#include <chrono>
#include <functional>
#include <map>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/types.h>

namespace sunder::harness {

/// For how long each process has waited for a processor since it began.
using Waits = std::map<pid_t, std::chrono::nanoseconds>;

/// Of sunder itself and of these processes. Zero of one that is gone, and if the kernel does not
/// say.
Waits waits_of(std::vector<pid_t> processes);

class StallWatch {
 public:
  /// Called at the end of a stall, of a starved second after each such second.
  using OnStall = std::function<void(std::chrono::nanoseconds took)>;

  using AskWaits = std::function<Waits()>;

  /// `ask_waits` tells of sunder and the nodes; it is called about once a second.
  StallWatch(boost::asio::io_context& io, OnStall on_stall, AskWaits ask_waits)
      : timer_(io), on_stall_(std::move(on_stall)), ask_waits_(std::move(ask_waits)) {}

  /// Until stop().
  boost::asio::awaitable<void> watch();
  void stop();

 private:
  /// The longest time that sunder or a node has waited for a processor since the last call.
  std::chrono::nanoseconds longest_wait();

  boost::asio::steady_timer timer_;
  OnStall on_stall_;
  AskWaits ask_waits_;
  Waits waited_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
