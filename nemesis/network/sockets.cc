#include "nemesis/network/sockets.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sunder::nemesis {
namespace {

constexpr int socket_type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

void set_flag(int socket, int level, int option) {
  const int on = 1;
  ::setsockopt(socket, level, option, &on, sizeof on);
}

std::string name_of(const Address& address) {
  const auto* any = address.data();
  if (any->sa_family == AF_UNIX) return reinterpret_cast<const sockaddr_un*>(any)->sun_path;
  Endpoint endpoint;
  std::memcpy(endpoint.data(), any, address.size());
  endpoint.resize(address.size());
  return fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
}

[[noreturn]] void fail(const Address& address, int socket) {
  const boost::system::error_code error(errno, boost::system::system_category());
  if (socket >= 0) ::close(socket);
  throw boost::system::system_error(error, fmt::format("cannot listen at {}", name_of(address)));
}

}  // namespace

void throw_if_own_failure(int error, std::string_view where) {
  const bool is_own = error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
                      error == EADDRNOTAVAIL;
  if (!is_own) return;
  throw boost::system::system_error({error, boost::system::system_category()},
                                    fmt::format("the proxy cannot open a connection ({})", where));
}

Descriptor listen_at(boost::asio::io_context& io, const Address& address) {
  const int socket = ::socket(address.protocol().family(), socket_type, 0);
  if (socket < 0) fail(address, socket);
  set_flag(socket, SOL_SOCKET, SO_REUSEADDR);
  const auto size = static_cast<socklen_t>(address.size());
  if (::bind(socket, address.data(), size) != 0 || ::listen(socket, SOMAXCONN) != 0) {
    fail(address, socket);
  }
  return Descriptor(io, socket);
}

Endpoint local_endpoint(Descriptor& socket) {
  Endpoint endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  ::getsockname(socket.native_handle(), endpoint.data(), &size);
  endpoint.resize(size);
  return endpoint;
}

std::optional<Endpoint> remote_endpoint(Descriptor& socket) {
  Endpoint endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  if (::getpeername(socket.native_handle(), endpoint.data(), &size) != 0) return std::nullopt;
  endpoint.resize(size);
  return endpoint;
}

Descriptor accept_from(boost::asio::io_context& io, Descriptor& listener, int& error) {
  const int socket =
      ::accept4(listener.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  error = socket < 0 ? errno : 0;
  if (socket < 0) return Descriptor(io);
  set_flag(socket, IPPROTO_TCP, TCP_NODELAY);
  return Descriptor(io, socket);
}

Descriptor connect_to(boost::asio::io_context& io, const Address& address, int& error) {
  const int socket = ::socket(address.protocol().family(), socket_type, 0);
  error = socket < 0 ? errno : 0;
  if (socket < 0) return Descriptor(io);
  set_flag(socket, IPPROTO_TCP, TCP_NODELAY);
  const auto size = static_cast<socklen_t>(address.size());
  if (::connect(socket, address.data(), size) != 0 && errno != EINPROGRESS) {
    error = errno;
    ::close(socket);
    return Descriptor(io);
  }
  Descriptor connection(io, socket);
  // A port that nobody listens at may be given to the dialing socket itself, which then connects
  // to itself and would keep the port from the node that is about to restart.
  if (address.data()->sa_family != AF_UNIX && Address(local_endpoint(connection)) == address) {
    error = ECONNREFUSED;
    connection.close();
  }
  return connection;
}

int connect_error(Descriptor& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

bool peer_has_closed(Descriptor& socket) {
  pollfd state{socket.native_handle(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0;
}

void reset_on_close(Descriptor& socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace sunder::nemesis
