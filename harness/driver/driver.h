#pragma once
// What sunder needs from a system to test it: the command line of a node, the links between nodes,
// and a client. A driver starts nothing itself; harness/run/node_processes
// does.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "checker/history/event.h"
#include "nemesis/administrator.h"
#include "nemesis/clock_setting.h"
#include "nemesis/network/edit_greeting.h"
#include "workloads/generator.h"

namespace sunder::harness {

/// Where a node that traces finds its pipe.
constexpr int trace_descriptor = 3;

struct Launch {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  /// The node writes a trace (node/api/trace.h) to `trace_descriptor`.
  bool traces = false;
  /// In addition to sunder's own, if it inherits them: {"OVS_RUNDIR", "/..."}.
  std::map<std::string, std::string> environment = {};
  /// Become standard input and output, instead of nothing and the log. Who starts it closes them.
  int input = -1;
  int output = -1;
  /// The program that is started waits outside a pid namespace (harness/process/pid_namespace.h).
  bool enters_pid_namespace = false;
  /// False: `environment` is all that it gets.
  bool inherits_environment = true;
  /// For messages, where a node has more than this process: "initialise".
  std::string name = {};
  /// Carried out one after the other before the node starts on a new folder.
  std::vector<Launch> preparations = {};
  /// Further processes of the node. It is killed and paused with them, and ends with any of them.
  std::vector<Launch> beside = {};
};

/// One direction between two nodes: `from` dials `listen`, the proxy forwards to `upstream`.
struct PeerLink {
  NodeId from;
  NodeId to;
  std::string listen_address;
  std::string upstream_address;
};

/// The same by sockets in the file system.
struct LocalPeerLink {
  NodeId from;
  NodeId to;
  std::string listen_path;
  std::string upstream_path;
};

/// The result of a program that checks the files of all nodes at the end.
struct FilesReport {
  /// "ovsdb-tool check-cluster"
  std::string program;
  bool passed = false;
  std::string said;
};

/// The one address that all nodes dial to reach `to`. The kernel tells which process dialed.
struct PeerDoor {
  NodeId to;
  std::string listen_address;
  std::string upstream_address;
  /// Replaces addresses in the first bytes that the dialer sends; null if there are none.
  nemesis::EditGreeting edit_greeting = {};
};

/// The role and term that a node reports when it is ready for clients.
struct NodeStatus {
  enum class Role { unsaid, follower, candidate, leader };

  Role role = Role::unsaid;
  /// The one it has this role in.
  std::uint64_t term = 0;
  bool operator==(const NodeStatus&) const = default;
};

/// Asks one node of a system without traces, past the proxy.
class StatusReader {
 public:
  virtual ~StatusReader() = default;

  /// Empty if the node did not answer by `until`, or is not ready. One at a time.
  virtual boost::asio::awaitable<std::optional<NodeStatus>> ask(
      std::chrono::steady_clock::time_point until) = 0;

  /// How long one answer may take.
  virtual std::chrono::nanoseconds patience() const { return std::chrono::milliseconds(300); }
};

/// One logical client. Owned by one worker, used for one process id, one call at a time.
class Client {
 public:
  virtual ~Client() = default;

  /// Never throws because of the system: its errors are in the completion. Ends by
  /// `timeout` at the latest.
  virtual boost::asio::awaitable<workloads::Completion> invoke(
      workloads::Call call, std::chrono::nanoseconds timeout) = 0;
};

/// Sets the clock of one node while it runs.
class ClockSetter {
 public:
  virtual ~ClockSetter() = default;

  /// What the clock shows then; empty if the node does not listen or dies first. Waits for one that
  /// is paused. One at a time.
  virtual boost::asio::awaitable<std::optional<nemesis::ClockSetting>> set(
      nemesis::ClockSetting setting) = 0;

  /// Whether clocks can be made fast and slow, not only set ahead and behind.
  virtual bool sets_rates() const { return true; }
};

class Driver {
 public:
  virtual ~Driver() = default;

  virtual int node_count() const = 0;

  /// `data` is the node's own folder, which need not exist yet; it is kept over restarts. What the
  /// node must find there is put there.
  virtual Launch launch(NodeId node, const std::filesystem::path& data) const = 0;

  /// The same, of a node that has never run on its folder.
  virtual Launch launch_first(NodeId node, const std::filesystem::path& data) const {
    return launch(node, data);
  }

  /// Each node is started when the one before it is ready; else all at once.
  virtual bool starts_one_by_one() const { return false; }

  /// How long it may take until all nodes are ready, and set_up() after that.
  virtual std::chrono::nanoseconds startup_patience() const { return std::chrono::seconds(30); }

  /// Carried out once, when all nodes are ready, before clients and faults begin. Throws
  /// std::runtime_error if that is impossible or lasts longer than until `until`.
  virtual boost::asio::awaitable<void> set_up(boost::asio::io_context&,
                                              std::chrono::steady_clock::time_point /*until*/) {
    co_return;
  }

  /// As one that belongs to no cluster and waits to be added. Only of systems that take orders.
  virtual Launch launch_newcomer(NodeId node, const std::filesystem::path& data) const {
    return launch(node, data);
  }

  /// Null if the system's nodes go by the machine's clock.
  virtual std::unique_ptr<ClockSetter> make_clock_setter(boost::asio::io_context&,
                                                         NodeId /*node*/) const {
    return nullptr;
  }

  /// Makes the node begin with such a clock. Only of systems with clock setters.
  virtual void set_clock(Launch&, NodeId /*node*/, const nemesis::ClockSetting&) const {}

  /// A program that writes the contents of a stopped node's folder to the trace's descriptor
  /// (trace::OnDisk), and exits. Nothing if there is no such program.
  virtual std::optional<Launch> launch_disk_reader(NodeId /*node*/,
                                                   const std::filesystem::path& /*data*/) const {
    return std::nullopt;
  }

  /// Called after all nodes have exited; `data` has their folders. Nothing if the system has no
  /// such program.
  virtual std::optional<FilesReport> check_files(const std::filesystem::path& /*data*/) const {
    return std::nullopt;
  }

  /// Where the proxy listens: at one address for each link, if each node can be configured with its
  /// own addresses of its peers; else at one address for each node, a door.
  virtual std::vector<PeerLink> peer_links() const { return {}; }
  virtual std::vector<PeerDoor> peer_doors() const { return {}; }
  virtual std::vector<LocalPeerLink> local_peer_links() const { return {}; }

  /// True if the links carry the project's own frames, so that single messages can be dropped.
  virtual bool frames() const { return false; }

  /// True if the driver itself carries the messages between the nodes, by the rules of the links.
  virtual bool routes_messages() const { return false; }

  /// Null if the node writes traces, which have its role.
  virtual std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context&,
                                                           NodeId /*node*/) const {
    return nullptr;
  }

  /// The client talks to `node` first.
  virtual std::unique_ptr<Client> make_client(boost::asio::io_context& io, NodeId node,
                                              history::ProcessId process) const = 0;

  /// Called once, when no client is left and none will be made: nothing of the driver's may keep
  /// the io_context running from then on. What was wrong with its own helpers, for people.
  virtual std::vector<std::string> conclude() { return {}; }

  /// Null if the system takes no orders.
  virtual std::unique_ptr<nemesis::Administrator> make_administrator(
      boost::asio::io_context&) const {
    return nullptr;
  }
};

}  // namespace sunder::harness
