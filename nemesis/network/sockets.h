#pragma once
// Stream sockets that do not block and that no child process inherits: they are created with
// CLOEXEC, which Asio's own sockets are not. Asio is used only to wait for them.

#include <optional>
#include <string_view>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace sunder::nemesis {

using Endpoint = boost::asio::ip::tcp::endpoint;
/// A TCP address, or the path of a Unix domain socket.
using Address = boost::asio::generic::stream_protocol::endpoint;
using Descriptor = boost::asio::posix::stream_descriptor;

/// `error` is an errno. Throws boost::system::system_error if this machine gave sunder no
/// descriptor, memory or port: that says nothing about the system under test.
void throw_if_own_failure(int error, std::string_view where);

/// Throws boost::system::system_error naming the address.
Descriptor listen_at(boost::asio::io_context& io, const Address& address);

/// `socket` must be a TCP socket.
Endpoint local_endpoint(Descriptor& socket);

/// Empty if the peer has closed the connection.
std::optional<Endpoint> remote_endpoint(Descriptor& socket);

/// Returns a closed descriptor, with errno in `error`, if no connection is waiting or no file
/// descriptors are left.
Descriptor accept_from(boost::asio::io_context& io, Descriptor& listener, int& error);

/// Starts to connect: wait until the socket is writable, then call connect_error. Returns a closed
/// descriptor, with errno in `error`, if the connection is refused at once.
Descriptor connect_to(boost::asio::io_context& io, const Address& address, int& error);

/// 0 once the connection is established.
int connect_error(Descriptor& socket);

/// True if the peer has closed its side, even while its last bytes are still unread.
bool peer_has_closed(Descriptor& socket);

/// From this call on, closing the socket sends RST and discards what was not delivered.
void reset_on_close(Descriptor& socket);

}  // namespace sunder::nemesis
