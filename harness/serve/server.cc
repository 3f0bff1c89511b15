#include "harness/serve/server.h"

#include <chrono>
#include <exception>
#include <stdexcept>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "harness/output.h"

namespace sunder::harness::serve {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

tcp::acceptor listen(asio::io_context& io, const tcp::endpoint& endpoint) {
  try {
    return tcp::acceptor(io, endpoint);
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(
        fmt::format("cannot listen at {} port {}: {}; choose others with --host and --port",
                    endpoint.address().to_string(), endpoint.port(), error.code().message()));
  }
}

}  // namespace

Server::Server(asio::io_context& io, Site site, const tcp::endpoint& endpoint)
    : io_(io),
      site_(std::move(site)),
      audience_(endpoint.address().is_loopback() ? Audience::this_machine : Audience::anyone),
      acceptor_(listen(io, endpoint)) {}

asio::awaitable<void> Server::accept() {
  asio::steady_timer timer(io_);
  for (;;) {
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    if (!error) {
      start(std::move(socket));
      continue;
    }
    // For instance, too many open files: connections that end make room.
    out::remark("sunder: cannot accept a connection: {}\n", error.message());
    timer.expires_after(100ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

void Server::start(tcp::socket socket) {
  asio::co_spawn(io_, serve_connection(std::move(socket), site_, audience_),
                 [](const std::exception_ptr& failure) {
                   if (!failure) return;
                   try {
                     std::rethrow_exception(failure);
                   } catch (const std::exception& error) {
                     out::remark("sunder: {}\n", error.what());
                   }
                 });
}

}  // namespace sunder::harness::serve
