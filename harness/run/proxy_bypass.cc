#include "harness/run/proxy_bypass.h"

#include <algorithm>
#include <map>

#include "harness/run/tcp_owners.h"
#include "node/api/address.h"

namespace sunder::harness {

// A connection both of whose ends are nodes' ends: the proxy would hold one of them.
std::vector<Bypass> find_bypasses(const std::vector<std::pair<NodeId, pid_t>>& processes) {
  std::map<nemesis::SocketInode, NodeId> owners;
  for (const auto& [node, process] : processes) {
    for (const auto inode : nemesis::sockets_of_group(process)) owners.emplace(inode, node);
  }
  using boost::asio::ip::tcp;
  std::map<std::pair<tcp::endpoint, tcp::endpoint>, NodeId> ends;
  std::map<std::pair<NodeId, NodeId>, Bypass> found;
  for (const auto& end : nemesis::established_connections()) {
    const auto owner = owners.find(end.inode);
    if (owner == owners.end()) continue;
    ends.emplace(std::pair(end.local, end.remote), owner->second);
    const auto other = ends.find({end.remote, end.local});
    if (other == ends.end() || other->second == owner->second) continue;
    const std::pair nodes = std::minmax({owner->second, other->second});
    found.emplace(nodes, Bypass{nodes, to_text(end.local) + " -> " + to_text(end.remote)});
  }
  std::vector<Bypass> bypasses;
  for (auto& [nodes, bypass] : found) bypasses.push_back(std::move(bypass));
  return bypasses;
}

}  // namespace sunder::harness
