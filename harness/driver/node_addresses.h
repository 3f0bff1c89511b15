#pragma once
// Where the nodes of a system without frames are. On the proxy's network that is the run's block of
// loopback addresses, and a node's peers dial its door, where the proxy listens. At the switch each
// node has an address of its own, and is dialed there: door and node are the same.

#include <string>
#include <vector>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"
#include "harness/process/loopback_block.h"

namespace sunder::harness {

class NodeAddresses {
 public:
  /// The block and the namespaces must outlive this.
  NodeAddresses(const Surroundings& surroundings, int node_count)
      : block_(surroundings.addresses),
        namespaces_(surroundings.namespaces),
        node_count_(node_count) {}

  /// "127.1.2.3", "192.0.2.3"
  std::string host(NodeId node) const;
  std::string client(NodeId node) const;
  /// Of n1, n2, ...
  std::vector<std::string> clients() const;
  /// Where a node listens at a port.
  std::string at(NodeId node, int port) const;
  /// Where a node listens for its peers.
  std::string peer(NodeId node) const;
  /// The host that its peers dial, on whatever port: the proxy's, or the node's own.
  std::string door_host(NodeId node) const;
  /// Where its peers dial it.
  std::string door(NodeId node) const;
  /// Of n1, n2, ...
  std::vector<std::string> door_addresses() const;
  /// Where the proxy listens; it has no place at the switch.
  std::vector<PeerDoor> doors() const;
  /// At these ports of each node.
  std::vector<PeerDoor> doors(const std::vector<int>& ports) const;

 private:
  const LoopbackBlock& block_;
  /// Null on the proxy's network.
  const Namespaces* namespaces_;
  int node_count_;
};

}  // namespace sunder::harness
