#include "nemesis/node_number.h"

#include <charconv>

namespace sunder::nemesis {

std::string node_name(NodeNumber node) {
  return "n" + std::to_string(node);
}

NodeNumber node_number(std::string_view name) {
  if (name.size() < 2 || name[0] != 'n' || name[1] == '0') return 0;
  NodeNumber node = 0;
  auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), node);
  return error == std::errc() && end == name.data() + name.size() && node > 0 ? node : 0;
}

std::string link_name(Link link) {
  return node_name(link.from) + "->" + node_name(link.to);
}

std::vector<NodeNumber> all_nodes(int node_count) {
  std::vector<NodeNumber> nodes;
  for (NodeNumber node = 1; node <= node_count; ++node) nodes.push_back(node);
  return nodes;
}

}  // namespace sunder::nemesis
