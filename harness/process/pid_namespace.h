#pragma once
// The processes of a pid namespace, as they are seen from outside. The entrance is the process
// outside (sunder-namespaces enter): its only child is process 1 of the namespace, whose first
// child is the program. All others descend from process 1, also those in sessions of their own. If
// process 1 is killed, the kernel kills all of them, and the entrance ends when the last one is
// gone.

#include <optional>

#include <sys/types.h>

namespace sunder::harness {

/// SIGKILL and SIGCONT to all processes of the namespace; SIGSTOP, too, and it returns when none of
/// them runs; any other signal to the program's own process group.
void signal_pid_namespace(pid_t entrance, int number);

/// The program that was started there, by its number outside; nothing before its start and after
/// its end.
std::optional<pid_t> program_in_pid_namespace(pid_t entrance);

}  // namespace sunder::harness
