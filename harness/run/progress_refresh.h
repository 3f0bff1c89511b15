#pragma once
// Refreshes the line that a user sees while a run goes on, until it is stopped.

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/progress_line.h"

namespace sunder::harness {

class ProgressRefresh {
 public:
  /// The references must outlive it.
  ProgressRefresh(boost::asio::io_context& io, ProgressLine& progress,
                  std::function<RunProgress()> snapshot);

  void stop() { beat_.cancel(); }

 private:
  void wait();

  boost::asio::steady_timer beat_;
  ProgressLine& progress_;
  std::function<RunProgress()> snapshot_;
};

}  // namespace sunder::harness
