#include "nemesis/link.h"

#include <charconv>

namespace sunder::nemesis {

std::optional<NodeId> node_named(std::string_view name) {
  if (name.size() < 2 || name[0] != 'n' || name[1] == '0') return std::nullopt;
  NodeId node;
  auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), node.value);
  const bool is_number = error == std::errc() && end == name.data() + name.size();
  return is_number && node.value > 0 ? std::optional(node) : std::nullopt;
}

std::string link_name(Link link) {
  const auto name = [](NodeId end) { return end == all_clients ? "clients" : name_of(end); };
  return name(link.from) + "->" + name(link.to);
}

std::vector<NodeId> all_nodes(int node_count) {
  std::vector<NodeId> nodes;
  for (int node = 1; node <= node_count; ++node) nodes.push_back(NodeId{node});
  return nodes;
}

}  // namespace sunder::nemesis
