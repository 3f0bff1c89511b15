#pragma once
// For tests of clients: a server that hears and says what the test has written down for it, byte by
// byte, while a client carries out one call.

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/driver/driver.h"

namespace sunder::harness {

struct ScriptedServer : testing::Test {
  using Script = boost::asio::awaitable<void>;
  /// For calls that are to run out of time, but not before they were heard.
  static constexpr std::chrono::milliseconds short_patience{250};

  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor door{
      io, boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  boost::asio::ip::tcp::socket served{io};
  const workloads::Call read{"read", "x", {}};
  const workloads::Call write{"write", "x", 2};
  /// What was heard and is not taken yet.
  std::string heard;

  std::string address() const { return fmt::format("127.0.0.1:{}", door.local_endpoint().port()); }

  /// The next client, instead of the one before.
  Script accept() {
    heard.clear();
    served = co_await door.async_accept(boost::asio::use_awaitable);
  }

  /// Until that many bytes are there, which it takes.
  boost::asio::awaitable<std::string> hear(std::size_t size) {
    std::string buffer(4096, '\0');
    while (heard.size() < size) {
      const auto length =
          co_await served.async_read_some(boost::asio::buffer(buffer), boost::asio::use_awaitable);
      heard.append(buffer, 0, length);
    }
    std::string taken = heard.substr(0, size);
    heard.erase(0, size);
    co_return taken;
  }

  Script say(std::string bytes) {
    co_await boost::asio::async_write(served, boost::asio::buffer(bytes),
                                      boost::asio::use_awaitable);
  }

  /// As the kernel does for a process that died.
  void hang_up() { served.close(); }

  /// What comes of the client's part, while the server follows the script; returns when both are at
  /// their end.
  template <typename Result>
  Result meet(boost::asio::awaitable<Result> part, Script script) {
    bool is_played = false;
    std::optional<Result> result;
    boost::asio::co_spawn(io, std::move(script), [&is_played](const std::exception_ptr& failure) {
      if (failure) std::rethrow_exception(failure);
      is_played = true;
    });
    boost::asio::co_spawn(io, std::move(part),
                          [&result](const std::exception_ptr& failure, Result with) {
                            if (failure) std::rethrow_exception(failure);
                            result = std::move(with);
                          });
    io.restart();
    while (!is_played || !result) io.run_one();
    return *result;
  }

  workloads::Completion invoke(Client& client, workloads::Call call, Script script,
                               std::chrono::nanoseconds patience = std::chrono::seconds(30)) {
    return meet(client.invoke(std::move(call), patience), std::move(script));
  }

  /// Where the server has nothing to do.
  static Script silence() { co_return; }
};

}  // namespace sunder::harness
