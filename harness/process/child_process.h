#pragma once
// One process under test: in a process group of its own, its output filed, dead with sunder
// whatever happens to sunder. `exited` is called once, when the process has been reaped; what is
// left of its group has been killed then.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <sys/types.h>

#include "harness/process/watchdog.h"

namespace sunder::harness {

/// Where a child finds what it inherits: its trace's pipe, a disk's orders.
constexpr int inherited_descriptor = 3;

class ChildProcess {
 public:
  struct Options {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    /// Standard output and error are appended to it.
    std::filesystem::path log_file;
    /// Becomes the child's `inherited_descriptor`; -1 for none. Closed here like all that is handed
    /// over, also if the child cannot be started: whoever reads the other end must see its end.
    int inherited = -1;
    /// In addition to sunder's own, if it inherits them.
    std::map<std::string, std::string> environment = {};
    /// Become standard input and output instead of nothing and the log.
    int input = -1;
    int output = -1;
    /// The program waits outside a pid namespace that it makes (pid_namespace.h).
    bool enters_pid_namespace = false;
    bool inherits_environment = true;
  };

  /// Throws std::runtime_error naming the program if it cannot be started. `exited` gets "exit
  /// status 3" or "signal 9 (Killed)".
  ChildProcess(boost::asio::io_context& io, Watchdog& watchdog, const Options& options,
               std::function<void(std::string how)> exited);
  /// Kills the group if the process still lives, and reaps it. `exited` is then not called.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Of the program, or of the one in the pid namespace.
  pid_t pid() const;
  /// To the whole group, or pid namespace. Nothing happens if it is gone. SIGSTOP has stopped all
  /// processes of a pid namespace when this returns.
  void signal(int number);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace sunder::harness
