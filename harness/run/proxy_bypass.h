#pragma once
// Connections between nodes that do not go through the proxy: faults of links do not reach them.

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "nemesis/node_number.h"

namespace sunder::harness {

struct Bypass {
  /// In order of their numbers.
  std::pair<nemesis::NodeNumber, nemesis::NodeNumber> nodes;
  /// "127.1.2.1:40000 -> 127.1.2.2:7100"
  std::string connection;
};

/// One for each two nodes that have such a connection over TCP now; each is a group of processes
/// named by its first one. Throws
/// boost::system::system_error if the kernel cannot be asked.
std::vector<Bypass> find_bypasses(
    const std::vector<std::pair<nemesis::NodeNumber, pid_t>>& processes);

}  // namespace sunder::harness
