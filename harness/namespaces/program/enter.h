#pragma once
// Starts a program in the namespaces of a node or of the clients, with a view of the mounts, a host
// name and an /etc/hosts of its own. A node's program gets a pid namespace besides: this process
// waits outside, its child is process 1 (it reaps, and dies with this process), and the program is
// process 2. When the program ends, all that it left is killed, and this process ends the same way.

#include <string>

namespace sunder::harness::namespaces {

struct Entrance {
  /// Paths of namespaces.
  std::string user;
  std::string network;
  /// A folder whose `hosts` is mounted over /etc/hosts, and `nsswitch.conf`, if both have it.
  std::string etc;
  std::string host_name;
  bool has_own_processes = true;
};

/// `program` and its arguments, as exec takes them. Throws an Obstacle.
[[noreturn]] void enter(const Entrance& entrance, char** program);

/// Tries, in the namespaces where the process is, what enter() does behind its first steps. Throws
/// an Obstacle.
void rehearse(const std::string& etc);

}  // namespace sunder::harness::namespaces
