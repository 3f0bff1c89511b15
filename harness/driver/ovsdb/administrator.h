#pragma once
// Gives orders to ovsdb-server by its sockets for orders, as ovs-appctl does. A server that was
// kicked out of the cluster runs on without the database; its identity is used up. Another one asks
// by itself to be taken in when it is started. Who leads is not for anybody to order.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "nemesis/administrator.h"

namespace sunder::harness::ovsdb {

/// The servers of the cluster, as reported by its leader.
struct Servers {
  struct Server {
    /// The first digits of its identity: "8e1f".
    std::string id;
    /// "unix:n1.sock"
    std::string address;
    bool operator==(const Server&) const = default;
  };
  std::vector<Server> all;
  std::uint64_t term = 0;
  /// Where the leader's log ends, and as far as which it is committed.
  std::uint64_t log_end = 0;
  std::uint64_t committed_end = 0;
};

/// From the answer to cluster/status; without servers if the server does not lead.
Servers parse_servers(std::string_view status);

/// Paths of the sockets of n1, n2, ...; clients dial "unix:n<n>.sock" for `n`.
std::unique_ptr<nemesis::Administrator> make_administrator(boost::asio::io_context& io,
                                                           std::vector<std::string> sockets);

}  // namespace sunder::harness::ovsdb
