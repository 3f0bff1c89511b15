#pragma once
// A child that is spoken to in lines: what it writes to standard output comes line by line, what it
// is told goes to its standard input in order. Its standard error is filed.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/child_process.h"

namespace sunder::harness {

class LineProcess {
 public:
  struct Options {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    /// Standard error is appended to it.
    std::filesystem::path log_file;
    std::map<std::string, std::string> environment = {};
  };
  /// Without its newline.
  using OnLine = std::function<void(std::string_view line)>;
  /// Called once, when the process is gone and its last whole line was told.
  using OnEnd = std::function<void(const std::string& how)>;

  /// Throws std::runtime_error naming the program if it cannot be started.
  LineProcess(boost::asio::io_context& io, Watchdog& watchdog, const Options& options,
              OnLine on_line, OnEnd on_end);
  /// Kills it. Nothing is told any more.
  ~LineProcess();
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;

  /// A newline is added. What a process that does not read is sent waits.
  void send(std::string line);

  pid_t pid() const;
  /// To the whole group.
  void signal(int number);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace sunder::harness
