#pragma once
// Nodes are numbered from 1 (n1, n2, ...); a Raft node's NodeId has the same value. A link is
// directed: it carries what `from` sends to `to`, no matter which of the two dialed.

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace sunder::nemesis {

using NodeNumber = int;

struct Link {
  NodeNumber from = 0;
  NodeNumber to = 0;
  auto operator<=>(const Link&) const = default;
};

/// "n3"
std::string node_name(NodeNumber node);

/// 3 for "n3"; 0 if the text names no node.
NodeNumber node_number(std::string_view name);

/// The other direction.
inline Link reverse(Link link) {
  return {link.to, link.from};
}

/// "n1->n2"
std::string link_name(Link link);

/// 1, 2, ..., node_count
std::vector<NodeNumber> all_nodes(int node_count);

}  // namespace sunder::nemesis
