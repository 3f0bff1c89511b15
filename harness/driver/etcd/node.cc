#include "harness/driver/etcd/node.h"

#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/driver/etcd/administrator.h"
#include "harness/driver/etcd/client.h"
#include "harness/driver/etcd/status.h"
#include "harness/driver/node_addresses.h"
#include "harness/process/installed.h"
#include "nemesis/link.h"

namespace sunder::harness::etcd {

namespace {

std::filesystem::path program() {
  return require_installed("etcd", "etcd-server");
}

bool is_given(const Plan& plan, const char* option, std::string_view value) {
  const auto given = plan.system_options.find(option);
  return given != plan.system_options.end() && given->second == value;
}

Manner manner_of(const Plan& plan) {
  Manner manner;
  if (is_given(plan, "reads", "serializable")) manner.reads = Reads::serializable;
  if (is_given(plan, "txn", "compare-written")) manner.compares = Compares::written;
  if (is_given(plan, "txn", "compare-none")) manner.compares = Compares::none;
  if (is_given(plan, "watch", "from-now")) manner.watches = Watches::now;
  return manner;
}

class EtcdDriver final : public Driver {
 public:
  EtcdDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes),
        manner_(manner_of(plan)),
        syncs_(!is_given(plan, "fsync", "off")),
        addresses_(surroundings, plan.nodes),
        program_(program()) {}

  int node_count() const override { return node_count_; }

  Launch launch(NodeId node, const std::filesystem::path& data) const override {
    const auto all = nemesis::all_nodes(node_count_);
    return with_options(launch_of(node, data, {all.begin(), all.end()}, "new"));
  }

  // etcd compares the list with that of the members, and only if the folder is empty.
  Launch launch_newcomer(NodeId node, const std::filesystem::path& data) const override {
    return with_options(launch_of(node, data, *belonging_, "existing"));
  }

  std::vector<PeerDoor> peer_doors() const override { return addresses_.doors(); }

  std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                   NodeId node) const override {
    return etcd::make_status_reader(io, addresses_.client(node));
  }

  std::unique_ptr<Client> make_client(boost::asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return etcd::make_client(io, addresses_.clients(), position_of(node), manner_);
  }

  std::unique_ptr<nemesis::Administrator> make_administrator(
      boost::asio::io_context& io) const override {
    return etcd::make_administrator(io, {addresses_.clients(), addresses_.door_addresses()},
                                    belonging_);
  }

 private:
  // Not strict: etcd would have all members connected for five seconds before it takes a new one.
  Launch launch_of(NodeId node, const std::filesystem::path& data,
                   const std::set<NodeId>& belonging, const char* state) const {
    std::vector<std::string> members;
    for (const auto member : belonging) {
      members.push_back(fmt::format("{}=http://{}", name_of(member), addresses_.door(member)));
    }
    const auto client_url = "http://" + addresses_.client(node);
    return {program_,
            {"--name",
             name_of(node),
             "--data-dir",
             data.string(),
             "--listen-peer-urls",
             "http://" + addresses_.peer(node),
             "--initial-advertise-peer-urls",
             "http://" + addresses_.door(node),
             "--listen-client-urls",
             client_url,
             "--advertise-client-urls",
             client_url,
             "--initial-cluster",
             fmt::format("{}", fmt::join(members, ",")),
             "--initial-cluster-state",
             state,
             "--strict-reconfig-check=false",
             "--heartbeat-interval",
             "50",
             "--election-timeout",
             "500",
             "--logger",
             "zap",
             "--log-outputs",
             "stderr"}};
  }

  Launch with_options(Launch launch) const {
    if (!syncs_) launch.arguments.emplace_back("--unsafe-no-fsync");
    return launch;
  }

  int node_count_;
  Manner manner_;
  bool syncs_;
  NodeAddresses addresses_;
  std::filesystem::path program_;
  // The members known to the administrator.
  std::shared_ptr<std::set<NodeId>> belonging_ = std::make_shared<std::set<NodeId>>();
};

}  // namespace

std::span<const SystemOption> options() {
  static constexpr std::array all{
      SystemOption{"reads", "linearizable or serializable (usually linearizable)",
                   "serializable ones are answered by the node asked alone, and may be stale",
                   [](std::string_view value) {
                     return value == "linearizable" || value == "serializable";
                   }},
      SystemOption{"txn", "compare-all, compare-written or compare-none (usually compare-all)",
                   "keys that a transaction compares with what it read before it writes; others "
                   "may have changed: write skew, or without any lost updates",
                   [](std::string_view value) {
                     return value == "compare-all" || value == "compare-written" ||
                            value == "compare-none";
                   }},
      SystemOption{
          "watch", "from-revision or from-now (usually from-revision)",
          "where a watch begins; from now on it misses what changed since the last one",
          [](std::string_view value) { return value == "from-revision" || value == "from-now"; }},
      SystemOption{"fsync", "on or off (usually on)",
                   "with off the servers never sync: a power loss loses acknowledged writes",
                   [](std::string_view value) { return value == "on" || value == "off"; }},
  };
  return all;
}

void require_program(const Plan&) {
  program();
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<EtcdDriver>(plan, surroundings);
}

}  // namespace sunder::harness::etcd
