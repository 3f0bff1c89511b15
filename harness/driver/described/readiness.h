#pragma once
// Whether a node that a file describes is ready: its port is open, a path answers 200, a command
// ends well, or the adapter says so. Commands and adapters are asked until they say yes for the
// first time, because each question costs a process or an adapter's time.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "harness/driver/driver.h"
#include "harness/process/command.h"

namespace sunder::harness::described {

using Deadline = std::chrono::steady_clock::time_point;

/// "http://127.1.2.3:7000/health" in two parts. `patience` is for one answer, here and below.
std::unique_ptr<StatusReader> make_path_reader(boost::asio::io_context& io,
                                               const std::string& address, std::string path,
                                               std::chrono::nanoseconds patience);

/// Asks by `ask` until it returns true.
std::unique_ptr<StatusReader> make_reader_until_yes(
    std::function<boost::asio::awaitable<bool>(Deadline until)> ask,
    std::chrono::nanoseconds patience);

}  // namespace sunder::harness::described
