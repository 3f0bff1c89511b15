#include "harness/driver/redis/node.h"

#include <array>

#include <fmt/format.h>

#include "harness/driver/installed_file.h"
#include "harness/driver/node_addresses.h"
#include "harness/driver/port_reader.h"
#include "harness/driver/redis/client.h"
#include "harness/process/installed.h"
#include "nemesis/link.h"

namespace sunder::harness::redis {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr int sentinel_port = 7300;
constexpr NodeId first_master{1};

fs::path server() {
  return require_installed("redis-server", "redis-server");
}

fs::path sentinel() {
  return require_installed("redis-sentinel", "redis-sentinel");
}

std::string host_of(const std::string& address) {
  return address.substr(0, address.rfind(':'));
}

std::string port_of(const std::string& address) {
  return address.substr(address.rfind(':') + 1);
}

class RedisDriver final : public Driver {
 public:
  RedisDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes),
        addresses_(surroundings, plan.nodes),
        server_(server()),
        sentinel_(sentinel()) {
    const auto given = plan.system_options.find("appendfsync");
    if (given != plan.system_options.end()) appendfsync_ = given->second;
  }

  int node_count() const override { return node_count_; }

  // Both programs store in their files which master they follow, and read it there when they are
  // started again.
  Launch launch(NodeId node, const fs::path& data) const override {
    const auto folder = fs::absolute(data);
    if (!fs::exists(folder / "redis.conf")) {
      install_file(folder / "sentinel.conf", sentinel_settings(node, folder));
      install_file(folder / "redis.conf", server_settings(node, folder));
    }
    return {
        "/bin/sh",
        {"-c", R"("$1" "$2" & exec "$3" "$4")", "sh", sentinel_.string(),
         (folder / "sentinel.conf").string(), server_.string(), (folder / "redis.conf").string()}};
  }

  std::vector<PeerDoor> peer_doors() const override {
    std::vector<PeerDoor> doors;
    for (const auto node : nemesis::all_nodes(node_count_)) {
      const auto door = addresses_.door_host(node);
      const auto client = addresses_.client(node);
      doors.push_back({node, fmt::format("{}:{}", door, port_of(client)), client});
      doors.push_back({node, fmt::format("{}:{}", door, sentinel_port),
                       fmt::format("{}:{}", addresses_.host(node), sentinel_port)});
    }
    return doors;
  }

  std::unique_ptr<StatusReader> make_status_reader(asio::io_context& io,
                                                   NodeId node) const override {
    return make_port_reader(io, addresses_.client(node));
  }

  std::unique_ptr<Client> make_client(asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return redis::make_client(io, addresses_.clients(), position_of(node));
  }

 private:
  std::string server_settings(NodeId node, const fs::path& folder) const {
    const auto client = addresses_.client(node);
    auto settings = fmt::format(
        "bind {}\nport {}\nprotected-mode no\ndir \"{}\"\nsave \"\"\nappendonly yes\nappendfsync "
        "{}\n"
        "replica-announce-ip {}\nreplica-announce-port {}\nrepl-timeout 3\n"
        "repl-ping-replica-period 1\nrepl-diskless-sync yes\nrepl-diskless-sync-delay 0\n",
        host_of(client), port_of(client), folder.string(), appendfsync_, addresses_.door_host(node),
        port_of(client));
    if (node != first_master) {
      settings +=
          fmt::format("replicaof {} {}\n", addresses_.door_host(first_master), port_of(client));
    }
    return settings;
  }

  std::string sentinel_settings(NodeId node, const fs::path& folder) const {
    return fmt::format(
        "bind {}\nport {}\nprotected-mode no\ndir \"{}\"\nsentinel announce-ip {}\nsentinel "
        "announce-port {}\n"
        "sentinel monitor m {} {} {}\nsentinel down-after-milliseconds m 500\n"
        "sentinel failover-timeout m 3000\nsentinel parallel-syncs m 2\n",
        addresses_.host(node), sentinel_port, folder.string(), addresses_.door_host(node),
        sentinel_port, addresses_.door_host(first_master), port_of(addresses_.client(node)),
        node_count_ / 2 + 1);
  }

  int node_count_;
  NodeAddresses addresses_;
  fs::path server_;
  fs::path sentinel_;
  std::string appendfsync_ = "always";
};

}  // namespace

std::span<const SystemOption> options() {
  static constexpr std::array all{
      SystemOption{"appendfsync", "always, everysec or no (usually always)",
                   "when a server syncs what it has acknowledged",
                   [](std::string_view value) {
                     return value == "always" || value == "everysec" || value == "no";
                   }},
  };
  return all;
}

void require_programs(const Plan&) {
  server();
  sentinel();
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<RedisDriver>(plan, surroundings);
}

}  // namespace sunder::harness::redis
