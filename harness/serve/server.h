#pragma once
// Listens, and serves each connection separately: an error of one is written to stderr and
// hinders no other.

#include <cstdint>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "harness/serve/connection.h"
#include "harness/serve/site.h"

namespace sunder::harness::serve {

class Server {
 public:
  /// Listens at once; port 0 is any that is free. Throws std::runtime_error that says why it
  /// cannot. Only those on this machine are answered if the address is one of its own.
  Server(boost::asio::io_context& io, Site site, const boost::asio::ip::tcp::endpoint& endpoint);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  /// Goes on until the io_context is stopped. The server must outlive what it started.
  boost::asio::awaitable<void> accept();

 private:
  void start(boost::asio::ip::tcp::socket socket);

  boost::asio::io_context& io_;
  Site site_;
  Audience audience_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace sunder::harness::serve
