#include "harness/run/node_processes.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "harness/run/clock_control.h"
#include "harness/run/node_disk.h"
#include "harness/run/trace_observation.h"

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

static_assert(trace_descriptor == inherited_descriptor);

struct NodeProcesses::Node {
  NodeId id;
  /// Null if it has not traced.
  std::unique_ptr<TraceFile> trace;
  /// Null if the folder is an ordinary one. Outlives the process, which may wait for it.
  std::unique_ptr<NodeDisk> disk;
  /// To the disk, when the doomed process has been reaped.
  std::vector<std::string> disk_orders;
  /// Null if the node goes by the machine's.
  std::unique_ptr<ClockControl> clock;
  std::unique_ptr<NodeStart> process;
  /// Its end was asked for: by a kill, or because the run is over.
  bool doomed = false;
  /// To be started again as soon as the doomed process has been reaped and the disk is ready.
  bool restart = false;
  /// Its disk is emptied before it starts again, when the last process is certainly gone.
  bool loses_disk = false;
  /// Its disk was emptied once: it starts as a newcomer.
  bool is_newcomer = false;
  /// Its folder is prepared: the node has run on it.
  bool is_prepared = false;
};

namespace {

/// All processes of a start.
Launch inside(const Namespaces& namespaces, NodeId node, Launch launch) {
  for (auto* parts : {&launch.preparations, &launch.beside}) {
    for (auto& part : *parts) part = namespaces.inside(node, std::move(part));
  }
  return namespaces.inside(node, std::move(launch));
}

/// In the order to copy from a node, its folder replaces its name.
std::string with_folder(const std::string& order, const results::RunStore& store) {
  if (!order.starts_with("copy ")) return order;
  const std::size_t name = order.rfind(' ') + 1;
  return order.substr(0, name) + (store.folder() / "data" / order.substr(name)).string();
}

}  // namespace

NodeProcesses::NodeProcesses(asio::io_context& io, Watchdog& watchdog, const Driver& driver,
                             const results::RunStore& store, const Namespaces* namespaces,
                             Disks disks, Clocks clocks, Callbacks callbacks)
    : io_(io),
      watchdog_(watchdog),
      driver_(driver),
      store_(store),
      namespaces_(namespaces),
      disks_(disks),
      callbacks_(std::move(callbacks)),
      time_(io),
      ended_(time_),
      administrator_(driver.make_administrator(io)) {
  for (const NodeId id : nemesis::all_nodes(driver.node_count())) {
    auto node = std::make_unique<Node>();
    node->id = id;
    auto setter = clocks == Clocks::settable ? driver.make_clock_setter(io, id) : nullptr;
    if (setter != nullptr) {
      node->clock = std::make_unique<ClockControl>(
          io, std::move(setter),
          [this, id](const nemesis::ClockSetting& shown) { callbacks_.on_clock_set(id, shown); });
    }
    nodes_.push_back(std::move(node));
    if (disks == Disks::faulty) insert_disk(*nodes_.back());
  }
}

NodeProcesses::~NodeProcesses() = default;

std::optional<NodeId> NodeProcesses::leader() const {
  return leader_;
}

NodeProcesses::Node& NodeProcesses::at(NodeId node) {
  return *nodes_.at(position_of(node));
}

std::vector<pid_t> NodeProcesses::processes() const {
  std::vector<pid_t> running;
  for (const auto& node : nodes_) {
    if (!node->process) continue;
    for (const auto pid : node->process->pids()) running.push_back(pid);
  }
  return running;
}

std::vector<pid_t> NodeProcesses::pids(NodeId node) const {
  const auto& process = nodes_.at(position_of(node))->process;
  return process ? process->pids() : std::vector<pid_t>{};
}

std::optional<pid_t> NodeProcesses::pid(NodeId node) const {
  const auto& process = nodes_.at(position_of(node))->process;
  return process ? std::optional(process->pid()) : std::nullopt;
}

void NodeProcesses::kill(NodeId id) {
  auto& node = at(id);
  node.restart = false;
  if (!node.process) return;
  node.doomed = true;
  node.process->signal(SIGKILL);
  clear_leader(id);
}

void NodeProcesses::start(NodeId id) {
  auto& node = at(id);
  node.restart = !node.process || node.doomed;
  launch_if_due(node);
}

void NodeProcesses::pause(NodeId id) {
  if (auto& process = at(id).process) process->signal(SIGSTOP);
}

void NodeProcesses::resume(NodeId id) {
  if (auto& process = at(id).process) process->signal(SIGCONT);
}

void NodeProcesses::empty_disk(NodeId id) {
  at(id).is_newcomer = true;
  at(id).is_prepared = false;
  if (has_faulty_disks()) return order_disk(id, "empty");
  at(id).loses_disk = true;
}

bool NodeProcesses::has_settable_clocks() const {
  return nodes_.front()->clock != nullptr;
}

bool NodeProcesses::has_settable_clock_rates() const {
  return has_settable_clocks() && nodes_.front()->clock->sets_rates();
}

void NodeProcesses::set_clock(NodeId id, const nemesis::ClockSetting& setting) {
  at(id).clock->set(setting);
}

void NodeProcesses::insert_disk(Node& node) {
  const auto name = name_of(node.id);
  const auto log = store_.log_path("disk-" + name);
  node.disk = std::make_unique<NodeDisk>(
      io_, watchdog_, store_.folder() / "data" / name, log, [this, &node] { launch_if_due(node); },
      [this, name, log](const std::string& how) {
        if (stopping_) return ended_.changed();
        throw std::runtime_error(
            fmt::format("the disk of {} ended: {} (log: {})", name, how, log.string()));
      });
}

void NodeProcesses::order_disk(NodeId id, std::string order) {
  auto& node = at(id);
  if (node.process && node.doomed) {
    node.disk_orders.push_back(std::move(order));
  } else {
    tell_disk(node, order);
  }
}

void NodeProcesses::tell_disk(Node& node, const std::string& order) {
  node.disk->order(with_folder(order, store_), [this, &node, order](const nlohmann::json& reply) {
    if (reply.contains("error")) {
      throw std::runtime_error(fmt::format("the disk of {} did not obey '{}': {}", name_of(node.id),
                                           order, reply["error"].get<std::string>()));
    }
    callbacks_.on_disk_reply(node.id, order, reply);
    launch_if_due(node);
  });
}

void NodeProcesses::launch_if_due(Node& node) {
  const bool is_free = !node.process && !(node.disk && node.disk->is_busy());
  if (node.restart && is_free && !stopping_) launch(node);
}

Launch NodeProcesses::launch_of(const Node& node, const std::filesystem::path& data) const {
  if (!node.is_newcomer) {
    return node.is_prepared ? driver_.launch(node.id, data) : driver_.launch_first(node.id, data);
  }
  auto launch = driver_.launch_newcomer(node.id, data);
  if (node.is_prepared) launch.preparations.clear();
  return launch;
}

void NodeProcesses::launch(Node& node) {
  const auto name = name_of(node.id);
  const auto data = store_.folder() / "data" / name;
  if (std::exchange(node.loses_disk, false)) {
    std::filesystem::remove_all(data);
  }
  auto launch = launch_of(node, data);
  if (node.clock) driver_.set_clock(launch, node.id, node.clock->setting());
  if (namespaces_ != nullptr) launch = inside(*namespaces_, node.id, std::move(launch));
  const int pipe = launch.traces ? trace_of(node).open_pipe() : -1;
  node.doomed = false;
  node.restart = false;
  node.process = std::make_unique<NodeStart>(
      io_, watchdog_, std::move(launch), store_.log_path(name), pipe,
      NodeStart::Callbacks{[&node] { node.is_prepared = true; },
                           [this, &node](const std::string& how) { on_exit(node, how); }});
  if (node.clock) node.clock->node_started();
}

void NodeProcesses::on_exit(Node& node, const std::string& how) {
  // This runs inside the process' own callback, which keeps what it needs alive.
  node.process.reset();
  if (node.clock) node.clock->node_ended();
  clear_leader(node.id);
  if (!node.doomed && !stopping_) callbacks_.on_crash(node.id, how);
  if (stopping_) {
    if (node.disk) node.disk->dismiss();
    return ended_.changed();
  }
  for (const auto& order : std::exchange(node.disk_orders, {})) tell_disk(node, order);
  launch_if_due(node);
}

TraceFile& NodeProcesses::trace_of(Node& node) {
  if (!node.trace) {
    node.trace = std::make_unique<TraceFile>(
        io_, store_.trace_path(name_of(node.id)),
        [this, &node](std::string_view line) { on_trace_line(node, line); },
        [this] { ended_.changed(); });
  }
  return *node.trace;
}

void NodeProcesses::on_trace_line(Node& node, std::string_view line) {
  const auto observation = observe(node.id, line);
  if (!observation) return;
  if (observation->event == nemesis::NodeEvent::became_leader) {
    set_leader(node.id, observation->term);
  }
  callbacks_.on_observation(*observation);
}

void NodeProcesses::set_leader(NodeId node, std::uint64_t term) {
  if (term < term_) return;
  term_ = term;
  leader_ = node;
}

void NodeProcesses::clear_leader(NodeId node) {
  if (leader_ == node) leader_.reset();
}

bool NodeProcesses::all_ended() const {
  for (const auto& node : nodes_) {
    if (node->process || (node->trace && !node->trace->finished())) return false;
    if (node->disk && !node->disk->has_ended()) return false;
  }
  return true;
}

asio::awaitable<void> NodeProcesses::stop() {
  stopping_ = true;
  for (const auto& node : nodes_) {
    if (!node->process) {
      if (node->disk) node->disk->dismiss();
      continue;
    }
    node->process->signal(SIGCONT);
    node->process->signal(SIGTERM);
  }
  const std::function<bool()> have_all_ended = [this] { return all_ended(); };
  if (co_await ended_.wait(have_all_ended, time_.now() + 2s)) co_return;
  for (const auto& node : nodes_) {
    if (node->process) node->process->signal(SIGKILL);
  }
  co_await ended_.wait(have_all_ended, time_.now() + 5s);
}

}  // namespace sunder::harness
