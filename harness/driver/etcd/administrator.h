#pragma once
// Gives orders to etcd by its JSON gateway, past the proxy, as clients do. A member that was
// removed ends by itself and its identity is used up; in its place comes another one, which starts
// with an empty folder and a list of the members as they are then.

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/driver/http_connection.h"
#include "nemesis/administrator.h"

namespace sunder::harness::etcd {

struct Member {
  /// A 64-bit number in decimal digits, as the gateway writes it.
  std::string id;
  /// "http://127.1.2.103:7100"
  std::string peer_url;
  /// It has started and published its name.
  bool is_named = false;
  bool operator==(const Member&) const = default;
};

/// From the answer to member/list; empty if it is none.
std::vector<Member> parse_members(std::string_view body);

/// What an attempt means for its order.
///
/// | answer                               | means                                      |
/// |--------------------------------------|--------------------------------------------|
/// | nothing, and the request did not leave | refused                                  |
/// | nothing whole, though it left        | unknown                                    |
/// | 200                                  | done: committed, or the other one leads    |
/// | 4xx                                  | refused before it was proposed             |
/// | anything else (timed out)            | unknown: it may be committed yet           |
nemesis::Administrator::Answer classify_order(const HttpAttempt& attempt);

struct Gateways {
  /// "address:port" of n1, n2, ... for clients, and what their peers dial.
  std::vector<std::string> clients;
  std::vector<std::string> doors;
  /// For an order, and for a node to show that it has a majority: it may be paused or cut off.
  std::chrono::milliseconds order_patience{1000};
  std::chrono::milliseconds majority_patience{200};
};

/// Keeps in `belonging` which nodes are members, as of the last order.
std::unique_ptr<nemesis::Administrator> make_administrator(
    boost::asio::io_context& io, Gateways gateways, std::shared_ptr<std::set<NodeId>> belonging);

}  // namespace sunder::harness::etcd
