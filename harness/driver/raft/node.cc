#include "harness/driver/raft/node.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/driver/raft/administrator.h"
#include "harness/driver/raft/client.h"
#include "harness/driver/raft/clock_setter.h"
#include "harness/driver/raft/connection.h"
#include "harness/process/programs.h"
#include "nemesis/link.h"
#include "nemesis/schedule/random.h"

namespace sunder::harness {

namespace {

// Hosts within the run's block of loopback addresses: nodes from 1, the proxy's doors from 101.
constexpr int first_door = 100;
constexpr int client_port = 7000;
constexpr int peer_port = 7100;
constexpr int first_link_port = 7200;
std::filesystem::path program_for(const Plan& plan) {
  return programs_folder() / (plan.mutant.empty() ? "sunder-node" : "sunder-node-mutants");
}

// The correct node's program, also for files of a mutant.
std::filesystem::path disk_reader() {
  return programs_folder() / "sunder-node";
}

bool is_on_or_off(std::string_view value) {
  return value == "on" || value == "off";
}

bool is_count(std::string_view value) {
  constexpr std::size_t most_digits = 15;
  return !value.empty() && value.size() <= most_digits &&
         value.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_segment_size(std::string_view value) {
  return is_count(value) && std::stoull(std::string(value)) >= 1024;
}

class RaftDriver final : public Driver {
 public:
  RaftDriver(const Plan& plan, const Surroundings& surroundings)
      : plan_(plan),
        addresses_(surroundings.addresses),
        clock_(surroundings.clock),
        doors_(surroundings.io),
        program_(program_for(plan)) {}

  int node_count() const override { return plan_.nodes; }

  bool frames() const override { return true; }

  Launch launch(NodeId node, const std::filesystem::path& data) const override {
    Launch launch = launch_of(program_, node, data);
    if (!plan_.mutant.empty()) {
      launch.arguments.push_back("--mutant");
      launch.arguments.push_back(plan_.mutant);
    }
    return launch;
  }

  // It starts without a configuration: a node that lost its disk must not stand for
  // election.
  Launch launch_newcomer(NodeId node, const std::filesystem::path& data) const override {
    std::vector<std::int64_t> others;
    for (const NodeId other : nemesis::all_nodes(plan_.nodes)) {
      if (other != node) others.push_back(other.value);
    }
    Launch newcomer = launch(node, data);
    newcomer.arguments.push_back("--voters");
    newcomer.arguments.push_back(fmt::format("{}", fmt::join(others, ",")));
    return newcomer;
  }

  std::optional<Launch> launch_disk_reader(NodeId node,
                                           const std::filesystem::path& data) const override {
    Launch reader = launch_of(disk_reader(), node, data);
    reader.arguments.push_back("--describe-disk");
    return reader;
  }

  std::unique_ptr<ClockSetter> make_clock_setter(boost::asio::io_context& io,
                                                 NodeId node) const override {
    return make_raft_clock_setter(io, client_address(node));
  }

  void set_clock(Launch& launch, NodeId, const nemesis::ClockSetting& setting) const override {
    launch.arguments.push_back(fmt::format("--clock-rate={}", setting.rate));
    launch.arguments.push_back(fmt::format("--clock-ahead={}", setting.ahead.count()));
  }

  std::vector<PeerLink> peer_links() const override {
    std::vector<PeerLink> links;
    for (const NodeId from : nemesis::all_nodes(plan_.nodes)) {
      for (const NodeId to : nemesis::all_nodes(plan_.nodes)) {
        if (from != to) links.push_back({from, to, door_address(from, to), peer_address(to)});
      }
    }
    return links;
  }

  std::unique_ptr<Client> make_client(boost::asio::io_context&, NodeId node,
                                      history::ProcessId process) const override {
    return make_raft_client(doors_, client_addresses(), position_of(node), process);
  }

  std::unique_ptr<nemesis::Administrator> make_administrator(
      boost::asio::io_context&) const override {
    return make_raft_administrator(doors_, client_addresses());
  }

 private:
  Launch launch_of(const std::filesystem::path& program, NodeId node,
                   const std::filesystem::path& data) const {
    Launch launch{program, {}, true};
    const auto add = [&launch](std::string flag, std::string value) {
      launch.arguments.push_back(std::move(flag));
      launch.arguments.push_back(std::move(value));
    };
    add("--id", std::to_string(node.value));
    add("--data", data.string());
    add("--client", client_address(node));
    add("--listen", peer_address(node));
    for (const NodeId other : nemesis::all_nodes(plan_.nodes)) {
      if (other == node) continue;
      add("--peer", fmt::format("{}={}", other.value, door_address(node, other)));
      add("--client-of", fmt::format("{}={}", other.value, client_address(other)));
    }
    add("--election-timeout", to_text(plan_.election_timeout));
    add("--seed", std::to_string(node_seed(node)));
    add("--trace-fd", std::to_string(trace_descriptor));
    add("--epoch", std::to_string(clock_.epoch().count()));
    for (const auto& [option, value] : plan_.system_options) {
      if (is_count(value)) {
        add("--" + option, value);
      } else if (option == "lease") {
        if (value == "on") launch.arguments.push_back("--lease");
      } else if (value == "off") {
        launch.arguments.push_back("--no-" + option);
      }
    }
    return launch;
  }

  /// Each node draws from a seed of its own.
  std::uint64_t node_seed(NodeId node) const {
    nemesis::Random seeds(plan_.seed);
    for (std::int64_t before = 1; before < node.value; ++before) seeds.next();
    return seeds.next();
  }
  std::string client_address(NodeId node) const {
    return fmt::format("{}:{}", addresses_.address(static_cast<int>(node.value)), client_port);
  }
  std::vector<std::string> client_addresses() const {
    std::vector<std::string> addresses;
    for (const NodeId node : nemesis::all_nodes(plan_.nodes))
      addresses.push_back(client_address(node));
    return addresses;
  }
  std::string peer_address(NodeId node) const {
    return fmt::format("{}:{}", addresses_.address(static_cast<int>(node.value)), peer_port);
  }
  // Where the proxy takes what `from` sends to `to`.
  std::string door_address(NodeId from, NodeId to) const {
    return fmt::format("{}:{}", addresses_.address(first_door + static_cast<int>(from.value)),
                       first_link_port + to.value);
  }

  const Plan& plan_;
  const LoopbackBlock& addresses_;
  const RunClock& clock_;
  RaftSockets doors_;
  std::filesystem::path program_;
};

}  // namespace

std::span<const SystemOption> raft_options() {
  static constexpr std::array options{
      SystemOption{"pre-vote", "on or off (usually on)",
                   "ask before standing for election (thesis 9.6)", is_on_or_off},
      SystemOption{"check-quorum", "on or off (usually on)",
                   "a leader that hears no majority steps down (thesis 6.2)", is_on_or_off},
      SystemOption{"sync", "on or off (usually on)", "sync the log before answering", is_on_or_off},
      SystemOption{"lease", "on or off (usually off)",
                   "answer reads without asking while nobody else can lead, if clocks run alike "
                   "(thesis 6.4.1); needs check-quorum",
                   is_on_or_off},
      SystemOption{"snapshot-every", "a number of entries, 0 for never (usually 10000)",
                   "entries between two snapshots", is_count},
      SystemOption{"segment-bytes", "a number of bytes from 1024 on (usually 8388608)",
                   "of the log before the next segment is begun", is_segment_size},
      SystemOption{"piece-bytes", "a number of bytes (usually 262144)",
                   "of a snapshot that are sent at once", is_count},
      SystemOption{"append-bytes", "a number of bytes (usually 262144)",
                   "how much of its log a leader sends in one message, one entry at least",
                   is_count},
  };
  return options;
}

std::optional<std::string_view> raft_option_conflict(
    const std::map<std::string, std::string>& options) {
  const auto is = [&](const std::string& option, std::string_view value) {
    const auto given = options.find(option);
    return given != options.end() && given->second == value;
  };
  if (!is("lease", "on") || !is("check-quorum", "off")) return std::nullopt;
  return "lease=on needs check-quorum=on: without it no follower keeps a second leader away";
}

bool raft_keeps_answering(const Plan& plan) {
  // Without it, any candidate can depose a leader, and a leader without a majority stays leader.
  const auto given = plan.system_options.find("check-quorum");
  return given == plan.system_options.end() || given->second != "off";
}

void require_raft_programs(const Plan& plan) {
  for (const auto& program : {program_for(plan), disk_reader()}) {
    if (std::filesystem::exists(program)) continue;
    throw std::runtime_error(
        fmt::format("the node's program {} is not there: './dev build' makes it, beside sunder",
                    program.string()));
  }
}

std::unique_ptr<Driver> make_raft_driver(const Plan& plan, const Surroundings& surroundings) {
  return std::make_unique<RaftDriver>(plan, surroundings);
}

}  // namespace sunder::harness
