#include "node/net/listener.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>

#include "node/api/address.h"
#include "node/log_line.h"

namespace sunder {

using boost::asio::ip::tcp;
using boost::system::error_code;

void prepare_socket(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

Listener::Listener(boost::asio::io_context& io, const tcp::endpoint& address, OnSocket on_socket)
    : acceptor_(io), pause_(io), on_socket_(std::move(on_socket)) {
  try {
    acceptor_.open(address.protocol());
    ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(address);
    acceptor_.listen();
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error(
        fmt::format("cannot listen on {}: {}", to_text(address), error.code().message()));
  }
  accept_next();
}

void Listener::accept_next() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (!error) {
      prepare_socket(socket);
      on_socket_(std::move(socket));
      accept_next();
      return;
    }
    // Most likely the process is out of descriptors. Retry after other connections were closed.
    log_line("cannot accept a connection: {}", error.message());
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](const error_code&) { accept_next(); });
  });
}

}  // namespace sunder
