#include "harness/driver/node_addresses.h"

#include <fmt/format.h>

#include "harness/namespaces/namespaces.h"

namespace sunder::harness {

namespace {

// Hosts of the block: nodes from 1, doors from 101.
constexpr int host_before_doors = 100;
constexpr int port_for_clients = 7000;
constexpr int port_for_peers = 7100;

}  // namespace

std::string NodeAddresses::host(NodeId node) const {
  return namespaces_ != nullptr ? namespaces_->address(node)
                                : block_.address(static_cast<int>(node.value));
}

std::string NodeAddresses::door_host(NodeId node) const {
  return namespaces_ != nullptr ? host(node)
                                : block_.address(host_before_doors + static_cast<int>(node.value));
}

std::string NodeAddresses::at(NodeId node, int port) const {
  return fmt::format("{}:{}", host(node), port);
}

std::string NodeAddresses::client(NodeId node) const {
  return at(node, port_for_clients);
}

std::vector<std::string> NodeAddresses::clients() const {
  std::vector<std::string> addresses;
  for (const NodeId node : nemesis::all_nodes(node_count_)) addresses.push_back(client(node));
  return addresses;
}

std::string NodeAddresses::peer(NodeId node) const {
  return at(node, port_for_peers);
}

std::string NodeAddresses::door(NodeId node) const {
  return fmt::format("{}:{}", door_host(node), port_for_peers);
}

std::vector<std::string> NodeAddresses::door_addresses() const {
  std::vector<std::string> addresses;
  for (const NodeId node : nemesis::all_nodes(node_count_)) addresses.push_back(door(node));
  return addresses;
}

std::vector<PeerDoor> NodeAddresses::doors() const {
  return doors({port_for_peers});
}

std::vector<PeerDoor> NodeAddresses::doors(const std::vector<int>& ports) const {
  std::vector<PeerDoor> doors;
  for (const NodeId node : nemesis::all_nodes(node_count_)) {
    for (const int port : ports) {
      doors.push_back({node, fmt::format("{}:{}", door_host(node), port), at(node, port)});
    }
  }
  return doors;
}

}  // namespace sunder::harness
