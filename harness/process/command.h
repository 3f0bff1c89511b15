#pragma once
// A program that is run to its end while sunder goes on. Its standard error is filed, its standard
// input is empty. A program that is not over in time is killed with its group.

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/process/line_process.h"

namespace sunder::harness {

struct CommandEnd {
  /// "exit status 1", "signal 9 (Killed)", "no end within 5 s".
  std::string how;
  /// What it wrote to standard output, with a newline after each line.
  std::string output;

  bool succeeded() const { return how == "exit status 0"; }
};

/// Throws std::runtime_error naming the program if it cannot be started.
boost::asio::awaitable<CommandEnd> run_command(boost::asio::io_context& io, Watchdog& watchdog,
                                               LineProcess::Options command,
                                               std::chrono::steady_clock::time_point until);

/// Why it failed: how it ended, and the last line that it wrote to its log or its output.
std::string reason_of(const CommandEnd& end, const std::filesystem::path& log);

}  // namespace sunder::harness
