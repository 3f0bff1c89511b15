#pragma once
// Connections between nodes that do not go through the proxy: link faults have no effect on them.

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "nemesis/link.h"

namespace sunder::harness {

struct Bypass {
  /// In order of their numbers.
  std::pair<NodeId, NodeId> nodes;
  /// "127.1.2.1:40000 -> 127.1.2.2:7100"
  std::string connection;
};

/// One for each two nodes that have such a TCP connection now. Each node is the process group of
/// the given process. Throws boost::system::system_error if the kernel does not answer.
std::vector<Bypass> find_bypasses(const std::vector<std::pair<NodeId, pid_t>>& processes);

}  // namespace sunder::harness
