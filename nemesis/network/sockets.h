#pragma once
// Stream sockets that no child process inherits (CLOEXEC from birth, which Asio's own sockets lack)
// and that never block. Asio is used only to wait for them.

#include <optional>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace sunder::nemesis {

using Endpoint = boost::asio::ip::tcp::endpoint;
/// Of TCP, or a path in the file system.
using Address = boost::asio::generic::stream_protocol::endpoint;
using Descriptor = boost::asio::posix::stream_descriptor;

/// Throws boost::system::system_error naming the address.
Descriptor listen_at(boost::asio::io_context& io, const Address& address);

/// Of a socket of TCP.
Endpoint local_endpoint(Descriptor& socket);

/// Empty if the peer is gone already.
std::optional<Endpoint> remote_endpoint(Descriptor& socket);

/// Closed (is_open() is false), with errno in `error`, if nobody is waiting or there are no
/// descriptors left.
Descriptor accept_from(boost::asio::io_context& io, Descriptor& listener, int& error);

/// The connection may still be under way: wait until it is writable, then ask connect_error.
/// Closed, with errno in `error`, if it was refused at once.
Descriptor connect_to(boost::asio::io_context& io, const Address& address, int& error);

/// 0 once the connection is established.
int connect_error(Descriptor& socket);

/// True if the peer has closed its side, even while its last bytes are still unread.
bool peer_has_closed(Descriptor& socket);

/// Closing it will send RST and forget what was not delivered.
void reset_on_close(Descriptor& socket);

}  // namespace sunder::nemesis
