#pragma once
// The sockets of all that talk to nodes: clients, those that ask whether a node is ready,
// administrators. Usually Asio makes them. On a switch they belong to the clients' network
// (harness/namespaces/namespaces.h), so the run gives its io_context a maker, and whoever connects
// to a node calls open_client_socket() first.

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace sunder::harness {

/// A new TCP socket, whose owner is the caller.
using MakeClientSocket = std::function<int()>;

/// From now on; an empty function leaves it to Asio.
void set_client_sockets(boost::asio::io_context& io, MakeClientSocket make);

/// Opens the closed stream's socket in the clients' network, or leaves it closed if Asio is to do
/// it when it connects.
void open_client_socket(boost::beast::tcp_stream& stream);

}  // namespace sunder::harness
