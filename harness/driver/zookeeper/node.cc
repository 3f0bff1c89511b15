#include "harness/driver/zookeeper/node.h"

#include <array>
#include <fstream>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/driver/node_addresses.h"
#include "harness/driver/zookeeper/client.h"
#include "harness/driver/zookeeper/greeting.h"
#include "harness/driver/zookeeper/status.h"
#include "harness/process/installed.h"
#include "nemesis/link.h"

namespace sunder::harness::zookeeper {

namespace {

namespace fs = std::filesystem;

constexpr int quorum_port = 7200;
constexpr int election_port = 7300;
constexpr const char* program = "/usr/share/java/zookeeper.jar";
constexpr const char* logging = "/usr/share/java/slf4j-simple.jar";

const std::map<std::string, Sync, std::less<>> sync_names = {
    {"quorum", Sync::quorum}, {"true", Sync::leader}, {"false", Sync::none}};

fs::path java() {
  for (const char* archive : {program, logging}) {
    if (fs::exists(archive)) continue;
    throw std::runtime_error(fmt::format(
        "{} is not there: 'apt-get install --no-install-recommends zookeeper' (Debian)", archive));
  }
  return require_installed("java", "default-jre-headless");
}

std::string host_of(const std::string& address) {
  return address.substr(0, address.rfind(':'));
}

class ZooKeeperDriver final : public Driver {
 public:
  ZooKeeperDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes), addresses_(surroundings, plan.nodes), java_(java()) {
    const auto given = plan.system_options.find("sync");
    if (given != plan.system_options.end()) sync_ = sync_names.at(given->second);
    const auto forced = plan.system_options.find("force-sync");
    if (forced != plan.system_options.end()) force_sync_ = forced->second;
  }

  int node_count() const override { return node_count_; }

  Launch launch(NodeId node, const fs::path& data) const override {
    const auto folder = fs::absolute(data);
    fs::create_directories(folder);
    std::ofstream(folder / "myid") << node.value << '\n';
    std::ofstream(folder / "zoo.cfg") << settings(node, folder);
    return {java_,
            {"-Xmx96m", "-Xms32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
             "-Dzookeeper.admin.enableServer=false", "-Dzookeeper.forceSync=" + force_sync_,
             "-Dorg.slf4j.simpleLogger.showDateTime=true",
             "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS", "-cp",
             fmt::format("{}:{}", program, logging),
             "org.apache.zookeeper.server.quorum.QuorumPeerMain", (folder / "zoo.cfg").string()}};
  }

  std::vector<PeerDoor> peer_doors() const override {
    std::vector<PeerDoor> doors;
    for (const auto node : nemesis::all_nodes(node_count_)) {
      const auto door = addresses_.door_host(node);
      const auto at = [](const std::string& host, int port) {
        return fmt::format("{}:{}", host, port);
      };
      const auto host = addresses_.host(node);
      doors.push_back({node, at(door, quorum_port), at(host, quorum_port), {}});
      doors.push_back(
          {node, at(door, election_port), at(host, election_port), [this](std::string_view so_far) {
             return edit_greeting(so_far, [this](NodeId dialer) {
               return fmt::format("{}:{}", addresses_.door_host(dialer), election_port);
             });
           }});
    }
    return doors;
  }

  std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                   NodeId node) const override {
    return zookeeper::make_status_reader(io, addresses_.client(node));
  }

  std::unique_ptr<Client> make_client(boost::asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return zookeeper::make_client(io, addresses_.clients(), position_of(node), sync_);
  }

 private:
  std::string settings(NodeId own, const fs::path& folder) const {
    const auto client = addresses_.client(own);
    auto lines = fmt::format(
        "tickTime=200\ninitLimit=10\nsyncLimit=5\ndataDir={}\nclientPort={}\n"
        "clientPortAddress={}\n4lw.commands.whitelist=*\nmaxClientCnxns=0\n"
        "minSessionTimeout=500\nmaxSessionTimeout=60000\n",
        folder.string(), client.substr(client.rfind(':') + 1), host_of(client));
    for (const auto node : nemesis::all_nodes(node_count_)) {
      const auto host = node == own ? addresses_.host(node) : addresses_.door_host(node);
      lines += fmt::format("server.{}={}:{}:{}:participant\n", node.value, host, quorum_port,
                           election_port);
    }
    return lines;
  }

  int node_count_;
  NodeAddresses addresses_;
  fs::path java_;
  Sync sync_ = Sync::quorum;
  std::string force_sync_ = "yes";
};

}  // namespace

std::span<const SystemOption> options() {
  static constexpr std::array all{
      SystemOption{
          "sync", "quorum, true or false (usually quorum)",
          "before each read a write that a majority takes, ZooKeeper's sync (which a deposed "
          "leader may answer), or nothing (reads may be stale)",
          [](std::string_view value) { return sync_names.contains(value); }},
      SystemOption{"force-sync", "yes or no (usually yes)",
                   "with no, a server does not sync its log before it acknowledges: a power loss "
                   "loses acknowledged writes",
                   [](std::string_view value) { return value == "yes" || value == "no"; }},
  };
  return all;
}

void require_programs(const Plan&) {
  java();
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<ZooKeeperDriver>(plan, surroundings);
}

}  // namespace sunder::harness::zookeeper
