#include "harness/driver/ovsdb/node.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "harness/driver/faked_clocks.h"
#include "harness/driver/node_addresses.h"
#include "harness/driver/ovsdb/administrator.h"
#include "harness/driver/ovsdb/client.h"
#include "harness/driver/ovsdb/status.h"
#include "harness/process/installed.h"
#include "harness/process/programs.h"
#include "nemesis/link.h"

namespace sunder::harness::ovsdb {

namespace {

namespace fs = std::filesystem;

/// Creates the cluster; the others join it.
constexpr NodeId founder{1};

fs::path server() {
  return require_installed("ovsdb-server", "openvswitch-common");
}

fs::path tool() {
  return require_installed("ovsdb-tool", "openvswitch-common");
}

Reads reads_of(const Plan& plan) {
  const auto given = plan.system_options.find("reads");
  return given != plan.system_options.end() && given->second == "local" ? Reads::local
                                                                        : Reads::consistent;
}

/// A folder for sockets, under a name that is short enough for them wherever the run is kept.
class SocketFolder {
 public:
  explicit SocketFolder(fs::path path) : path_(std::move(path)) {
    fs::create_directories(path_);
    descriptor_ = ::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor_ < 0) {
      throw std::runtime_error(fmt::format("{}: {}", path_.string(), std::strerror(errno)));
    }
  }
  ~SocketFolder() {
    ::close(descriptor_);
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;

  const fs::path& path() const { return path_; }
  std::string short_path(const std::string& name) const {
    return fmt::format("/proc/self/fd/{}/{}", descriptor_, name);
  }

 private:
  fs::path path_;
  int descriptor_ = -1;
};

std::string socket_of(NodeId node) {
  return name_of(node) + ".sock";
}

std::string orders_of(NodeId node) {
  return name_of(node) + ".ctl";
}

void run_tool(const std::vector<std::string>& arguments) {
  const auto end = run_program(tool(), arguments);
  if (end.exit_code == 0) return;
  throw std::runtime_error(fmt::format("ovsdb-tool {} failed", arguments.front()));
}

class OvsdbDriver final : public Driver {
 public:
  OvsdbDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes),
        reads_(reads_of(plan)),
        addresses_(surroundings, plan.nodes),
        clocks_(surroundings.folder / "clocks"),
        server_(server()) {
    for (const auto node : nemesis::all_nodes(plan.nodes)) {
      folders_.push_back(std::make_unique<SocketFolder>(
          fs::absolute(surroundings.folder / "sockets" / name_of(node))));
    }
  }
  ~OvsdbDriver() override {
    const auto sockets = folders_.front()->path().parent_path();
    folders_.clear();
    std::error_code ignored;
    fs::remove(sockets, ignored);
  }

  int node_count() const override { return node_count_; }

  Launch launch(NodeId node, const fs::path& data) const override {
    const auto database = database_in(data);
    if (!fs::exists(database)) {
      node == founder ? create_cluster(data) : join_cluster(node, data, {founder});
    }
    const auto& sockets = folder_of(node).path();
    const auto orders = (sockets / orders_of(node)).string();
    Launch launch{server_,
                  {"--no-chdir", "-vconsole:info", "--unixctl=" + orders,
                   fmt::format("--remote=ptcp:{}:{}", port_of(addresses_.client(node)),
                               addresses_.host(node)),
                   database.string()}};
    launch.environment = {{"OVS_RUNDIR", sockets.string()}};
    return launch;
  }

  // Any other server that is a member accepts it.
  Launch launch_newcomer(NodeId node, const fs::path& data) const override {
    if (!fs::exists(database_in(data))) {
      auto others = nemesis::all_nodes(node_count_);
      std::erase(others, node);
      join_cluster(node, data, others);
    }
    return launch(node, data);
  }

  std::vector<LocalPeerLink> local_peer_links() const override {
    std::vector<LocalPeerLink> links;
    for (const NodeId from : nemesis::all_nodes(node_count_)) {
      for (const NodeId to : nemesis::all_nodes(node_count_)) {
        if (from == to) continue;
        const auto name = socket_of(to);
        links.push_back(
            {from, to, folder_of(from).short_path(name), folder_of(to).short_path(name)});
      }
    }
    return links;
  }

  std::unique_ptr<ClockSetter> make_clock_setter(boost::asio::io_context&,
                                                 NodeId node) const override {
    return clocks_.make_setter(node);
  }

  void set_clock(Launch& launch, NodeId node, const nemesis::ClockSetting& setting) const override {
    clocks_.set(launch, node, setting);
  }

  std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                   NodeId node) const override {
    return ovsdb::make_status_reader(io, folder_of(node).short_path(orders_of(node)));
  }

  std::unique_ptr<Client> make_client(boost::asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return ovsdb::make_client(io, addresses_.clients(), position_of(node), reads_);
  }

  std::unique_ptr<nemesis::Administrator> make_administrator(
      boost::asio::io_context& io) const override {
    std::vector<std::string> sockets;
    for (const auto node : nemesis::all_nodes(node_count_)) {
      sockets.push_back(folder_of(node).short_path(orders_of(node)));
    }
    return ovsdb::make_administrator(io, std::move(sockets));
  }

  std::optional<FilesReport> check_files(const fs::path& data) const override {
    std::vector<std::string> arguments{"check-cluster"};
    for (const auto node : nemesis::all_nodes(node_count_)) {
      arguments.push_back(database_in(data / name_of(node)).string());
    }
    const auto end = run_program(tool(), arguments);
    return FilesReport{"ovsdb-tool check-cluster", end.exit_code == 0, end.output};
  }

 private:
  static fs::path database_in(const fs::path& data) { return data / "kv.db"; }
  static std::string port_of(const std::string& address) {
    return address.substr(address.rfind(':') + 1);
  }

  const SocketFolder& folder_of(NodeId node) const { return *folders_.at(position_of(node)); }

  static std::string address_of(NodeId node) { return "unix:" + socket_of(node); }

  static void create_cluster(const fs::path& data) {
    fs::create_directories(data);
    const auto schema_file = (data / "kv.ovsschema").string();
    std::ofstream(schema_file) << schema;
    run_tool({"--election-timer=1000", "create-cluster", database_in(data).string(), schema_file,
              address_of(founder)});
  }

  static void join_cluster(NodeId node, const fs::path& data, const std::vector<NodeId>& others) {
    fs::create_directories(data);
    std::vector<std::string> words{"join-cluster", database_in(data).string(), "KV",
                                   address_of(node)};
    for (const NodeId other : others) words.push_back(address_of(other));
    run_tool(words);
  }

  int node_count_;
  Reads reads_;
  NodeAddresses addresses_;
  FakedClocks clocks_;
  fs::path server_;
  std::vector<std::unique_ptr<SocketFolder>> folders_;
};

}  // namespace

std::span<const SystemOption> options() {
  static constexpr std::array all{
      SystemOption{
          "reads", "consistent or local (usually consistent)",
          "local ones are answered by the server asked alone, and may be stale",
          [](std::string_view value) { return value == "consistent" || value == "local"; }},
  };
  return all;
}

void require_programs(const Plan&) {
  server();
  tool();
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<OvsdbDriver>(plan, surroundings);
}

}  // namespace sunder::harness::ovsdb
