#include "harness/cluster.h"

#include <filesystem>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <signal.h>
#include <unistd.h>

#include "harness/observe.h"

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Cluster::Node {
  nemesis::NodeNumber number = 0;
  std::unique_ptr<TraceFile> trace;
  std::unique_ptr<ChildProcess> process;
  /// Its end was asked for: by a kill, or because the run is over.
  bool doomed = false;
  /// To be started again as soon as the doomed process has been reaped.
  bool restart = false;
  /// Its disk is emptied before it starts again, when the last process is certainly gone.
  bool loses_disk = false;
  /// Its disk was emptied once: it starts as a newcomer.
  bool is_newcomer = false;
};

Cluster::Cluster(asio::io_context& io, Watchdog& watchdog, const Driver& driver,
                 const results::RunStore& store, Listener listener)
    : io_(io),
      watchdog_(watchdog),
      driver_(driver),
      store_(store),
      listener_(std::move(listener)),
      administrator_(driver.make_administrator(io)) {
  for (int number = 1; number <= driver.node_count(); ++number) {
    auto node = std::make_unique<Node>();
    node->number = number;
    const auto trace = store.trace_path(nemesis::node_name(number));
    node->trace = std::make_unique<TraceFile>(
        io, trace, [this, &node = *node](std::string_view line) { heard(node, line); });
    nodes_.push_back(std::move(node));
  }
}

Cluster::~Cluster() = default;

std::optional<nemesis::NodeNumber> Cluster::leader() const {
  return leader_;
}

Cluster::Node& Cluster::at(nemesis::NodeNumber node) {
  return *nodes_.at(static_cast<std::size_t>(node - 1));
}

std::optional<pid_t> Cluster::pid(nemesis::NodeNumber node) const {
  const auto& process = nodes_.at(static_cast<std::size_t>(node - 1))->process;
  return process ? std::optional(process->pid()) : std::nullopt;
}

void Cluster::kill(nemesis::NodeNumber number) {
  auto& node = at(number);
  node.restart = false;
  if (!node.process) return;
  node.doomed = true;
  node.process->signal(SIGKILL);
  if (leader_ == number) leader_.reset();
}

void Cluster::start(nemesis::NodeNumber number) {
  auto& node = at(number);
  if (!node.process) return launch(node);
  node.restart = node.doomed;
}

void Cluster::pause(nemesis::NodeNumber number) {
  if (auto& process = at(number).process) process->signal(SIGSTOP);
}

void Cluster::resume(nemesis::NodeNumber number) {
  if (auto& process = at(number).process) process->signal(SIGCONT);
}

void Cluster::empty_disk(nemesis::NodeNumber number) {
  at(number).loses_disk = true;
}

void Cluster::launch(Node& node) {
  const auto name = nemesis::node_name(node.number);
  const auto data = store_.folder() / "data" / name;
  if (std::exchange(node.loses_disk, false)) {
    std::filesystem::remove_all(data);
    node.is_newcomer = true;
  }
  const auto launch = node.is_newcomer ? driver_.launch_newcomer(node.number, data)
                                       : driver_.launch(node.number, data);
  const int pipe = launch.traces ? node.trace->open_pipe() : -1;
  node.doomed = false;
  node.restart = false;
  try {
    node.process = std::make_unique<ChildProcess>(
        io_, watchdog_,
        ChildProcess::Options{launch.program, launch.arguments, store_.log_path(name), pipe},
        [this, &node](const std::string& how) { exited(node, how); });
  } catch (...) {
    if (pipe >= 0) ::close(pipe);
    throw;
  }
  if (pipe >= 0) ::close(pipe);
}

void Cluster::exited(Node& node, const std::string& how) {
  // This runs inside the process' own callback, which keeps what it needs alive.
  node.process.reset();
  if (leader_ == node.number) leader_.reset();
  if (!node.doomed && !stopping_) listener_.crashed(node.number, how);
  if (node.restart && !stopping_) launch(node);
}

void Cluster::heard(Node& node, std::string_view line) {
  const auto observation = observe(node.number, line);
  if (!observation) return;
  if (observation->event == nemesis::NodeEvent::became_leader && observation->term >= term_) {
    term_ = observation->term;
    leader_ = node.number;
  }
  listener_.observed(*observation);
}

bool Cluster::all_ended() const {
  for (const auto& node : nodes_) {
    if (node->process || !node->trace->finished()) return false;
  }
  return true;
}

asio::awaitable<bool> Cluster::ended_within(std::chrono::milliseconds patience) {
  asio::steady_timer timer(io_);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!all_ended() && std::chrono::steady_clock::now() < deadline) {
    timer.expires_after(2ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
  co_return all_ended();
}

asio::awaitable<void> Cluster::stop() {
  stopping_ = true;
  for (const auto& node : nodes_) {
    if (!node->process) continue;
    node->process->signal(SIGCONT);
    node->process->signal(SIGTERM);
  }
  if (co_await ended_within(2s)) co_return;
  for (const auto& node : nodes_) {
    if (node->process) node->process->signal(SIGKILL);
  }
  co_await ended_within(5s);
}

}  // namespace sunder::harness
