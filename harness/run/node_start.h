#pragma once
// The processes of one start of a node: first those that prepare its folder, one after the other,
// then all that are the node, at once. They get the same signals. If one ends by itself, the others
// are killed: a node that lost a part of it is down.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <sys/types.h>

#include "harness/driver/driver.h"
#include "harness/process/child_process.h"

namespace sunder::harness {

class NodeStart {
 public:
  struct Callbacks {
    /// The last preparation has ended well, and the node itself runs.
    std::function<void()> prepared;
    /// Called once, when all processes are gone: "exit status 3", and of which process if there
    /// are several: "exit status 3 (initialise)". May destroy the NodeStart.
    std::function<void(const std::string& how)> exited;
  };

  /// The pipe becomes the trace of the launch's own process; -1 for none. Throws std::runtime_error
  /// naming the program if the first one cannot be started.
  NodeStart(boost::asio::io_context& io, Watchdog& watchdog, Launch launch,
            std::filesystem::path log_file, int pipe, Callbacks callbacks);
  ~NodeStart();
  NodeStart(const NodeStart&) = delete;
  NodeStart& operator=(const NodeStart&) = delete;

  /// Of the launch's own process; of the preparation that runs.
  pid_t pid() const;
  /// Of all that run.
  std::vector<pid_t> pids() const;
  /// To all. A preparation that ends because of it has no successor.
  void signal(int number);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace sunder::harness
