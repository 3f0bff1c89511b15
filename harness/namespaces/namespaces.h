#pragma once
// A network of the run's own, without privileges: a user namespace, and in it one network namespace
// for each node and one for all clients, each with one veth pair whose other end belongs to the
// switch (nemesis/network/switch/switch.h). A small program (sunder-namespaces, main.cc) makes them
// and passes their descriptors; they end when sunder's descriptors close, however sunder ended.
// Surprise: a process with several threads cannot enter a user namespace, so programs enter by the
// same small program, and a helper makes the clients' sockets there.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/driver/driver.h"
#include "harness/process/watchdog.h"
#include "nemesis/network/switch/switch.h"

namespace sunder::harness {

class Namespaces {
 public:
  /// Why they cannot be made on this machine, and what to change; nothing if they can.
  static std::optional<std::string> why_impossible();

  /// `folder` is the run's: the nodes' /etc/hosts is written there. Throws std::runtime_error that
  /// says what why_impossible() says.
  Namespaces(Watchdog& watchdog, int node_count, const std::filesystem::path& folder);
  ~Namespaces();
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

  /// "192.0.2.1"
  std::string address(NodeId node) const;
  /// Of the switch: n1, n2, ..., then the clients. The caller owns the sockets. Once.
  std::vector<nemesis::SwitchPort> take_ports();

  /// The same program, started in the node's namespaces and in a new pid namespace, so that all its
  /// processes are killed and paused together. Standard streams and the trace's descriptor are
  /// passed on.
  Launch inside(NodeId node, Launch launch) const;
  /// The same in the clients' namespace: adapters, checks that a node is ready.
  Launch among_clients(Launch launch) const;

  /// A new socket (socket(2)) of the clients' namespace, CLOEXEC; owned by the caller. Throws
  /// std::system_error.
  int client_socket(int domain, int type) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sunder::harness
