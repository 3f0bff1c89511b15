#include "harness/driver/described/node.h"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "harness/driver/described/adapter.h"
#include "harness/driver/described/description.h"
#include "harness/driver/http_connection.h"
#include "harness/driver/node_addresses.h"
#include "harness/driver/port_reader.h"
#include "harness/namespaces/namespaces.h"
#include "harness/process/installed.h"
#include "nemesis/link.h"

namespace sunder::harness::described {

namespace {

namespace asio = boost::asio;

// The file's folder is known everywhere, a node's addresses only where a node is meant.
Placeholders placeholders_of(const Description& description) {
  return {{"here", description.here.string()}};
}

std::vector<std::string> fill_in_all(const std::vector<std::string>& words,
                                     const Placeholders& placeholders) {
  std::vector<std::string> filled;
  for (const auto& word : words) filled.push_back(fill_in(word, placeholders));
  return filled;
}

std::filesystem::path find_program(const std::string& word, const Description& description) {
  const auto program = fill_in(word, placeholders_of(description));
  if (program.find('/') == std::string::npos) {
    return require_installed(program, "the package that has it");
  }
  if (::access(program.c_str(), X_OK) == 0) return program;
  throw std::invalid_argument(fmt::format("{} is not there or cannot be executed", program));
}

/// A node that answers 200.
class PathReader final : public StatusReader {
 public:
  PathReader(asio::io_context& io, const std::string& address, std::string path)
      : connection_(io, address), path_(std::move(path)) {}

  asio::awaitable<std::optional<NodeStatus>> ask(
      std::chrono::steady_clock::time_point until) override {
    const auto attempt = co_await connection_.get(path_, until);
    if (!attempt.reply || attempt.reply->status != 200) co_return std::nullopt;
    co_return NodeStatus();
  }

 private:
  HttpConnection connection_;
  std::string path_;
};

class DescribedDriver final : public Driver {
 public:
  DescribedDriver(const Plan& plan, const Surroundings& surroundings)
      : node_count_(plan.nodes),
        description_(read_description(plan.system)),
        addresses_(surroundings, plan.nodes),
        adapters_(surroundings.watchdog, adapter_options(surroundings), description_.multiplexed) {
    std::filesystem::copy_file(plan.system, surroundings.folder / "system.json");
  }

  int node_count() const override { return node_count_; }

  Launch launch(NodeId node, const std::filesystem::path& data) const override {
    std::filesystem::create_directories(data);
    const auto placeholders = placeholders_for(node, data);
    auto words = fill_in_all(description_.node, placeholders);
    Launch launch{find_program(description_.node.front(), description_), {}};
    launch.arguments.assign(words.begin() + 1, words.end());
    for (const auto& [name, value] : description_.environment) {
      launch.environment.emplace(name, fill_in(value, placeholders));
    }
    return launch;
  }

  std::vector<PeerDoor> peer_doors() const override { return addresses_.doors(); }

  std::unique_ptr<StatusReader> make_status_reader(asio::io_context& io,
                                                   NodeId node) const override {
    const auto address = addresses_.client(node);
    if (description_.ready_path.empty()) return make_port_reader(io, address);
    return std::make_unique<PathReader>(io, address, description_.ready_path);
  }

  std::unique_ptr<Client> make_client(asio::io_context& io, NodeId node,
                                      history::ProcessId) const override {
    return adapters_.make_client(io, name_of(node), addresses_.client(node));
  }

  std::vector<std::string> conclude() override { return adapters_.conclude(); }

 private:
  LineProcess::Options adapter_options(const Surroundings& surroundings) const {
    const auto words = fill_in_all(description_.adapter, placeholders_of(description_));
    Launch launch{find_program(description_.adapter.front(), description_),
                  {words.begin() + 1, words.end()}};
    if (surroundings.namespaces != nullptr) {
      launch = surroundings.namespaces->among_clients(std::move(launch));
    }
    return {launch.program, launch.arguments, surroundings.folder / "log" / "adapter.log"};
  }

  Placeholders placeholders_for(NodeId node, const std::filesystem::path& data) const {
    auto placeholders = placeholders_of_node(node);
    std::vector<std::string> peers;
    for (const auto peer : nemesis::all_nodes(node_count_)) {
      peers.push_back(fill_in(description_.peer, placeholders_of_node(peer)));
    }
    placeholders["peers"] = fmt::format("{}", fmt::join(peers, description_.separator));
    placeholders["dir"] = std::filesystem::absolute(data).string();
    return placeholders;
  }

  Placeholders placeholders_of_node(NodeId node) const {
    auto placeholders = placeholders_of(description_);
    placeholders["node"] = name_of(node);
    placeholders["number"] = std::to_string(node.value);
    placeholders["host"] = addresses_.host(node);
    placeholders["client"] = addresses_.client(node);
    placeholders["peer"] = addresses_.peer(node);
    placeholders["advertise"] = addresses_.door(node);
    return placeholders;
  }

  int node_count_;
  Description description_;
  NodeAddresses addresses_;
  mutable Adapters adapters_;
};

}  // namespace

bool is_file(std::string_view system) {
  return system.ends_with(".json");
}

void require_programs(const Plan& plan) {
  const auto description = read_description(plan.system);
  find_program(description.node.front(), description);
  find_program(description.adapter.front(), description);
}

workloads::Operations operations(const Plan& plan) {
  return read_description(plan.system).operations;
}

std::string isolation(const Plan& plan) {
  return read_description(plan.system).isolation;
}

std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<DescribedDriver>(plan, surroundings);
}

}  // namespace sunder::harness::described
