#pragma once
// Makes the namespaces of a run: one user namespace, and in it a network namespace for each node,
// one for the clients, and one that holds the switch's ends of their links. Surprise: the process
// that makes them changes its own namespaces to do so.

#include <vector>

namespace sunder::harness::namespaces {

/// Descriptors; whoever has them owns them.
struct Place {
  int host = 0;
  int network = -1;
  /// AF_PACKET, bound to the switch's end of the place's link.
  int socket = -1;
};

struct Network {
  int user = -1;
  /// n1, n2, ..., then the clients.
  std::vector<Place> places;
};

/// The process is in the user namespace then. It must have one thread. Throws an Obstacle.
Network make_network(int node_count);

/// An ordinary user keeps the own number there, and root keeps all numbers that it may use. Throws
/// an Obstacle.
void enter_new_user_namespace();

}  // namespace sunder::harness::namespaces
