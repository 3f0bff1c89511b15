#pragma once
// Accepts connections on one address and passes each socket to a callback.

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sunder {

/// Sets TCP_NODELAY and close-on-exec.
void prepare_socket(boost::asio::ip::tcp::socket& socket);

class Listener {
 public:
  using OnSocket = std::function<void(boost::asio::ip::tcp::socket)>;

  /// Throws std::runtime_error with the address if it is in use or not allowed.
  Listener(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& address,
           OnSocket on_socket);

 private:
  void accept_next();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  OnSocket on_socket_;
};

}  // namespace sunder
