#pragma once
// Where the nodes of a system without frames are, within the run's block of loopback addresses.

#include <string>
#include <vector>

#include "harness/driver/driver.h"
#include "harness/process/loopback_block.h"

namespace sunder::harness {

class NodeAddresses {
 public:
  /// The block must outlive this.
  NodeAddresses(const LoopbackBlock& block, int node_count)
      : block_(block), node_count_(node_count) {}

  /// "127.1.2.3"
  std::string host(NodeId node) const { return block_.address(static_cast<int>(node.value)); }
  std::string client(NodeId node) const;
  /// Of n1, n2, ...
  std::vector<std::string> clients() const;
  /// Where a node listens for its peers.
  std::string peer(NodeId node) const;
  /// Where its peers dial it: the proxy.
  std::string door(NodeId node) const;
  /// Of n1, n2, ...
  std::vector<std::string> door_addresses() const;
  std::vector<PeerDoor> doors() const;

 private:
  const LoopbackBlock& block_;
  int node_count_;
};

}  // namespace sunder::harness
