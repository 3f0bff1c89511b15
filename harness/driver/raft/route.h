#pragma once
// Which node to ask next on the way to the leader: the one that the last node named, at once, and
// the one that that names, but none of them twice, since nodes may name each other; else the next
// in turn.

#include <algorithm>
#include <cstddef>
#include <set>
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
    asked_.insert(node_);
    const auto place = static_cast<std::size_t>(leader - nodes_.begin());
    if (leader == nodes_.end() || asked_.contains(place)) return false;
    node_ = place;
    return true;
  }

  /// Tries the nodes in turn; outdated nodes could name each other as leader for ever.
  void go_on() {
    asked_.insert(node_);
    for (std::size_t step = 0; step < nodes_.size(); ++step) {
      turn_ = (turn_ + 1) % nodes_.size();
      if (!asked_.contains(turn_)) break;
    }
    asked_.clear();
    node_ = turn_;
  }

 private:
  const std::vector<std::string>& nodes_;
  std::size_t node_;
  std::size_t turn_ = node_;
  /// The nodes tried since the last turn.
  std::set<std::size_t> asked_;
};

}  // namespace sunder::harness
