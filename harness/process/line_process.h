#pragma once
// A child that is spoken to in lines (line_pipes.h). Its standard error is filed.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/process/child_process.h"
#include "harness/process/line_pipes.h"

namespace sunder::harness {

class LineProcess {
 public:
  struct Options {
    std::filesystem::path program;
    std::vector<std::string> arguments;
    /// Standard error is appended to it.
    std::filesystem::path log_file;
    std::map<std::string, std::string> environment = {};
    bool inherits_environment = true;
    bool enters_pid_namespace = false;
  };
  /// Called once, when the process is gone and its last whole line was told.
  using OnEnd = std::function<void(const std::string& how)>;

  /// Throws std::runtime_error naming the program if it cannot be started.
  LineProcess(boost::asio::io_context& io, Watchdog& watchdog, const Options& options,
              LinePipes::OnLine on_line, OnEnd on_end);
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;

  void send(std::string line) { pipes_->send(std::move(line)); }
  /// To the whole group.
  void signal(int number) { process_->signal(number); }

 private:
  void end_if_over();

  OnEnd on_end_;
  std::optional<std::string> how_it_ended_;
  bool has_said_all_ = false;
  std::unique_ptr<LinePipes> pipes_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace sunder::harness
