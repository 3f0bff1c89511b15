#pragma once
// Which node to ask next on the way to the leader: the one that the last node named, at once, but
// not twice in a row, since two nodes may each name the other; else the next one in turn.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "node/api/client_protocol.h"

namespace sunder::harness {

class RaftRoute {
 public:
  /// `nodes` are "address:port" and must outlive this.
  RaftRoute(const std::vector<std::string>& nodes, std::size_t first)
      : nodes_(nodes), node_(first) {}

  std::size_t node() const { return node_; }

  /// Goes to the leader that the reply names. False if it names none to go to at once.
  bool follow(const client_protocol::Reply& reply) {
    const auto leader = std::find(nodes_.begin(), nodes_.end(), reply.leader);
    const auto place = static_cast<std::size_t>(leader - nodes_.begin());
    was_redirected_ = leader != nodes_.end() && place != node_ && !was_redirected_;
    if (was_redirected_) node_ = place;
    return was_redirected_;
  }

  void go_on() { node_ = (node_ + 1) % nodes_.size(); }

 private:
  const std::vector<std::string>& nodes_;
  std::size_t node_;
  bool was_redirected_ = false;
};

}  // namespace sunder::harness
