#include "harness/run/node_start.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

namespace sunder::harness {

class NodeStart::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(boost::asio::io_context& io, Watchdog& watchdog, Launch launch,
                 std::filesystem::path log_file, int pipe, Callbacks callbacks)
      : io_(io),
        watchdog_(watchdog),
        launch_(std::move(launch)),
        log_file_(std::move(log_file)),
        pipe_(pipe),
        callbacks_(std::move(callbacks)) {}
  ~Implementation() {
    destroy();
    if (pipe_ >= 0) ::close(pipe_);
  }

  void go_on() {
    if (next_preparation_ < launch_.preparations.size()) {
      return start(launch_.preparations[next_preparation_++], -1);
    }
    is_prepared_ = true;
    start(launch_, std::exchange(pipe_, -1));
    for (const auto& beside : launch_.beside) start(beside, -1);
    if (callbacks_.prepared) callbacks_.prepared();
  }

  void signal(int number) {
    if (number == SIGTERM || number == SIGKILL) is_ending_ = true;
    for (const auto& part : parts_) {
      if (part->process) part->process->signal(number);
    }
  }

  pid_t pid() const {
    const auto all = pids();
    return all.empty() ? -1 : all.front();
  }

  std::vector<pid_t> pids() const {
    std::vector<pid_t> running;
    for (const auto& part : parts_) {
      if (part->process) running.push_back(part->process->pid());
    }
    return running;
  }

  /// Nobody wants to know the end.
  void destroy() {
    callbacks_ = {};
    // A process has a callback that keeps its part.
    for (const auto& part : parts_) part->process.reset();
  }

 private:
  struct Part {
    std::string name;
    /// Null when it has ended.
    std::unique_ptr<ChildProcess> process;
  };

  void start(const Launch& launch, int pipe) {
    const auto part = std::make_shared<Part>();
    part->name = launch.name;
    ChildProcess::Options options{launch.program, launch.arguments, log_file_};
    options.inherited = pipe;
    options.environment = launch.environment;
    options.inherits_environment = launch.inherits_environment;
    options.enters_pid_namespace = launch.enters_pid_namespace;
    options.input = launch.input;
    options.output = launch.output;
    const auto on_end = [self = weak_from_this(), part](const std::string& how) {
      if (const auto alive = self.lock()) alive->on_exit(*part, how);
    };
    try {
      part->process = std::make_unique<ChildProcess>(io_, watchdog_, options, on_end);
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error(
          fmt::format("cannot start {}: {}", launch.program.string(), error.code().message()));
    }
    parts_.push_back(part);
  }

  void on_exit(Part& part, const std::string& how) {
    part.process.reset();
    if (!is_prepared_) {
      parts_.clear();
      if (how == "exit status 0" && !is_ending_) return go_on_or_fail();
    }
    if (how_.empty()) how_ = part.name.empty() ? how : fmt::format("{} ({})", how, part.name);
    end_if_over();
  }

  // Nobody is there to catch what start() throws.
  void go_on_or_fail() {
    try {
      go_on();
    } catch (const std::runtime_error& error) {
      how_ = error.what();
      end_if_over();
    }
  }

  void end_if_over() {
    const bool is_over =
        std::all_of(parts_.begin(), parts_.end(), [](const auto& part) { return !part->process; });
    if (!is_over) {
      if (!is_ending_) signal(SIGKILL);
      return;
    }
    const auto exited = std::exchange(callbacks_, {}).exited;
    if (exited) exited(how_);
  }

  boost::asio::io_context& io_;
  Watchdog& watchdog_;
  Launch launch_;
  std::filesystem::path log_file_;
  int pipe_;
  Callbacks callbacks_;
  std::size_t next_preparation_ = 0;
  bool is_prepared_ = false;
  /// It was asked for.
  bool is_ending_ = false;
  /// The end of the first process that ended.
  std::string how_;
  std::vector<std::shared_ptr<Part>> parts_;
};

NodeStart::NodeStart(boost::asio::io_context& io, Watchdog& watchdog, Launch launch,
                     std::filesystem::path log_file, int pipe, Callbacks callbacks)
    : implementation_(std::make_shared<Implementation>(
          io, watchdog, std::move(launch), std::move(log_file), pipe, std::move(callbacks))) {
  implementation_->go_on();
}

NodeStart::~NodeStart() {
  implementation_->destroy();
}

pid_t NodeStart::pid() const {
  return implementation_->pid();
}

std::vector<pid_t> NodeStart::pids() const {
  return implementation_->pids();
}

void NodeStart::signal(int number) {
  implementation_->signal(number);
}

}  // namespace sunder::harness
