#pragma once
// Why a step towards the namespaces failed on this machine, and what its owner can change.

#include <stdexcept>
#include <string>

namespace sunder::harness::namespaces {

enum class Step {
  user_namespace,
  user_map,
  network_namespace,
  link,
  packet_socket,
  other_namespaces,
  mounts,
  hosts_file,
  proc,
};

/// What the machine says of its own limits.
struct Limits {
  /// user.max_user_namespaces = 0
  bool no_user_namespaces = false;
  /// kernel.unprivileged_userns_clone = 0 (Debian's own setting)
  bool no_unprivileged = false;
  /// kernel.apparmor_restrict_unprivileged_userns = 1 (Ubuntu)
  bool apparmor_restricts = false;
};

Limits limits_of_this_machine();

/// One line: the step that failed, the system's error, and the way out.
std::string explain(Step step, int error, const Limits& limits);

/// Thrown where a step fails; `error` is errno's value.
class Obstacle : public std::runtime_error {
 public:
  Obstacle(Step step, int error)
      : std::runtime_error(explain(step, error, limits_of_this_machine())) {}
};

/// Throws an Obstacle with errno if `done` is false.
void require(Step step, bool done);

}  // namespace sunder::harness::namespaces
