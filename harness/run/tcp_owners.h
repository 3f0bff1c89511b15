#pragma once
// Whose TCP connections are those? The kernel tells the inode of a connected socket
// (NETLINK_SOCK_DIAG), and a process' folder in /proc which inodes it holds. For processes of one's
// own this needs no root. Java's sockets are of IPv6 and speak IPv4 through it: they count too.

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <sys/types.h>

namespace sunder::nemesis {

using SocketInode = std::uint64_t;

/// One end of a connection.
struct TcpEnd {
  boost::asio::ip::tcp::endpoint local;
  boost::asio::ip::tcp::endpoint remote;
  SocketInode inode = 0;
};

/// Of the socket at `local` that is connected to `remote`; empty if there is none. Throws
/// boost::system::system_error if the kernel cannot be asked.
std::optional<SocketInode> socket_between(const boost::asio::ip::tcp::endpoint& local,
                                          const boost::asio::ip::tcp::endpoint& remote);

/// Both ends of all established connections of this machine over IPv4. Throws like socket_between.
std::vector<TcpEnd> established_connections();

/// What the process has open; nothing if it is gone.
std::set<SocketInode> sockets_of(pid_t process);

/// What all processes of the group have open.
std::set<SocketInode> sockets_of_group(pid_t group);

}  // namespace sunder::nemesis
