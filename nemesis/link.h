#pragma once
// The nodes of a cluster (n1, n2, ...) and the links between them. A link is directed: it carries
// what `from` sends to `to`, no matter which of the two dialed.

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/types.h"

namespace sunder::nemesis {

struct Link {
  NodeId from;
  NodeId to;
  auto operator<=>(const Link&) const = default;
};

/// All clients together, as one end of a link; they stand at one port of a switch.
constexpr NodeId all_clients{0};

/// The node called "n3"; nothing if the text names no node.
std::optional<NodeId> node_named(std::string_view name);

/// The other direction.
inline Link reverse(Link link) {
  return {link.to, link.from};
}

/// "n1->n2"; "clients->n2"
std::string link_name(Link link);

/// 1, 2, ..., node_count
std::vector<NodeId> all_nodes(int node_count);

}  // namespace sunder::nemesis
