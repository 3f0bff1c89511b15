#pragma once
// Finds the process that owns a TCP connection: NETLINK_SOCK_DIAG gives the inode of a connected
// socket, /proc/<pid>/fd the inodes that a process holds. For one's own processes this needs no
// root. Java uses IPv6 sockets for IPv4 addresses; they are found too.

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
