#pragma once
// Ends a run before its disk is full. Later the nodes could not write either, and what they did for
// that reason would look like their own fault.

#include <filesystem>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sunder::harness {

class SpaceWatch {
 public:
  SpaceWatch(boost::asio::io_context& io, std::filesystem::path folder);

  /// Until stop(). Throws std::runtime_error if the disk is as good as full.
  boost::asio::awaitable<void> watch();
  void stop();

 private:
  boost::asio::steady_timer timer_;
  std::filesystem::path folder_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
