#include "harness/driver/systems.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include <boost/algorithm/string/split.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/driver/described/described_system.h"
#include "harness/driver/described/folders.h"
#include "harness/driver/described/node.h"
#include "harness/driver/etcd/node.h"
#include "harness/driver/etcd/objects.h"
#include "harness/driver/maelstrom/node.h"
#include "harness/driver/ovsdb/node.h"
#include "harness/driver/ovsdb/transaction.h"
#include "harness/driver/raft/node.h"
#include "harness/driver/raft/operation.h"
#include "harness/driver/redis/command.h"
#include "harness/driver/redis/node.h"
#include "harness/driver/zookeeper/node.h"
#include "harness/driver/zookeeper/objects.h"

namespace sunder::harness {

namespace {

// Without PreVote and CheckQuorum, or where it is unknown.
bool promises_no_answer(const Plan&) {
  return false;
}

// A node sends several heartbeats in one election timeout. A client leaves a silent node after a
// third of the operation's time, which is more with the usual values.
history::Time two_election_timeouts(const Plan& plan) {
  return 2 * plan.election_timeout;
}

// With the settings that sunder gives: 16 heartbeats of etcd, 4 ticks of ZooKeeper, less than an
// election of OVSDB. A client waits a second, as usual.
history::Time four_fifths_of_a_second(const Plan& /*plan*/) {
  return std::chrono::milliseconds(800);
}

workloads::Operations registers_only(const Plan& /*plan*/) {
  return {{workloads::Kind::register_, {"read", "write", "cas"}}};
}

workloads::Operations operations_of_etcd(const Plan& /*plan*/) {
  return etcd::operations();
}

workloads::Operations operations_of_redis(const Plan& /*plan*/) {
  return redis::operations();
}

workloads::Operations operations_of_ovsdb(const Plan& /*plan*/) {
  return ovsdb::operations();
}

workloads::Operations operations_of_zookeeper(const Plan& /*plan*/) {
  return zookeeper::operations();
}

const std::array table{
    System{.name = "raft",
           .summary = "sunder's own Raft node, a replicated key-value store",
           .traces = true,
           .says_roles = false,
           .has_doors = false,
           .no_switch = "its nodes have a proxy on each link, which reads their frames",
           .unsupported = {},
           .options = raft_options(),
           .operations = raft_operations,
           .keeps_answering = raft_keeps_answering,
           .answers_within = two_election_timeouts,
           .require_programs = require_raft_programs,
           .make_driver = make_raft_driver,
           .conflict = raft_option_conflict},
    System{.name = "etcd",
           .summary = "etcd 3.4, Raft in Go",
           .traces = false,
           .says_roles = true,
           .has_doors = true,
           .unsupported = unsupported_by_etcd(),
           .options = etcd::options(),
           .operations = operations_of_etcd,
           .keeps_answering = promises_no_answer,
           .answers_within = four_fifths_of_a_second,
           .require_programs = etcd::require_program,
           .make_driver = etcd::make_driver},
    System{.name = "ovsdb",
           .summary = "ovsdb-server 3.1, Raft in C",
           .traces = false,
           .says_roles = true,
           .has_doors = false,
           .no_switch = "each of its links has an address of its own, at the proxy",
           .unsupported = unsupported_by_ovsdb(),
           .options = ovsdb::options(),
           .operations = operations_of_ovsdb,
           .keeps_answering = promises_no_answer,
           .answers_within = four_fifths_of_a_second,
           .require_programs = ovsdb::require_programs,
           .make_driver = ovsdb::make_driver},
    System{.name = "redis",
           .summary = "Redis 7 with Sentinel, which replicates asynchronously and loses writes",
           .traces = false,
           .says_roles = false,
           .has_doors = true,
           .unsupported = unsupported_by_redis(),
           .options = redis::options(),
           .operations = operations_of_redis,
           .keeps_answering = promises_no_answer,
           .answers_within = four_fifths_of_a_second,
           .require_programs = redis::require_programs,
           .make_driver = redis::make_driver},
    System{.name = "zookeeper",
           .summary = "ZooKeeper 3.8, ZAB in Java",
           .traces = false,
           .says_roles = false,
           .has_doors = true,
           .unsupported = unsupported_by_zookeeper(),
           .options = zookeeper::options(),
           .operations = operations_of_zookeeper,
           .keeps_answering = promises_no_answer,
           .answers_within = four_fifths_of_a_second,
           .require_programs = zookeeper::require_programs,
           .make_driver = zookeeper::make_driver},
    System{.name = "maelstrom",
           .summary = "your program that speaks Maelstrom's protocol, workload lin-kv",
           .traces = false,
           .says_roles = false,
           .has_doors = false,
           .no_switch = "its nodes have no network: sunder carries their messages",
           .unsupported = unsupported_by_maelstrom(),
           .options = maelstrom::options(),
           .operations = registers_only,
           .keeps_answering = promises_no_answer,
           .answers_within = nullptr,
           .require_programs = maelstrom::require_program,
           .make_driver = maelstrom::make_driver},
};

// What every file can do. What one can do besides is known when it is read.
const System described_by_file{.name = "FILE.json",
                               .summary = "what the file describes (docs/systems.md)",
                               .traces = false,
                               .says_roles = false,
                               .has_doors = true,
                               .usual_network = switch_network,
                               .unsupported = unsupported_by_described(),
                               .options = {},
                               .operations = described::operations,
                               .isolation = described::isolation,
                               .keeps_answering = promises_no_answer,
                               .answers_within = nullptr,
                               .require_programs = described::require_programs,
                               .make_driver = described::make_driver};

const SystemOption& find_option(const System& system, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& option : system.options) {
    if (option.name == name) return option;
    names.push_back(option.name);
  }
  throw std::invalid_argument(
      fmt::format("--system {}: unknown option '{}'; there are: {}", system.name, name,
                  names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
}

/// "pre-vote=off,snapshot-every=50"
void read_options(Plan& plan, std::string_view list) {
  std::vector<std::string> settings;
  boost::algorithm::split(settings, list, [](char c) { return c == ','; });
  for (const std::string& setting : settings) {
    const auto equals = std::min(setting.find('='), setting.size());
    const auto name = setting.substr(0, equals);
    const auto value = setting.substr(std::min(equals + 1, setting.size()));
    if (!plan.system_options.emplace(name, value).second) {
      throw std::invalid_argument(fmt::format("--system {}: {} twice", plan.system, name));
    }
  }
}

/// "FILE.json:reads=local"
void choose_file(Plan& plan, std::string_view text) {
  const auto options = described::options_begin(text);
  plan.system = text.substr(0, options == std::string_view::npos ? text.size() : options - 1);
  if (options == std::string_view::npos) return;
  read_options(plan, text.substr(options));
  described::check_options(plan);
}

}  // namespace

std::span<const System> all_systems() {
  return table;
}

const System& find_system(std::string_view name) {
  if (name == described_by_file.name) return described_by_file;
  std::vector<std::string> names;
  for (const auto& system : table) {
    if (system.name == name) return system;
    names.emplace_back(system.name);
  }
  if (const auto* described = described::find_described(name)) return *described;
  for (auto& each : described::system_folders()) names.push_back(std::move(each));
  throw std::invalid_argument(
      fmt::format("unknown system '{}'; there are: {}, or a file (docs/systems.md)", name,
                  fmt::join(names, ", ")));
}

std::optional<std::string_view> reason_against(const System& system, std::string_view name,
                                               std::string_view network) {
  const auto* option = nemesis::find_nemesis_option(name);
  if (option == nullptr) return std::nullopt;
  for (const auto need : option->needs("")) {
    // A switch carries frames, whatever the system sends in them.
    if (need == nemesis::Need::messages && is_switch(network)) continue;
    for (const auto& fault : system.unsupported) {
      if (fault.need == need) return fault.because;
    }
  }
  return std::nullopt;
}

nemesis::TakesEffect takes_effect_on(const System& system, std::string_view network) {
  return
      [&system, network](std::string_view name) { return !reason_against(system, name, network); };
}

void require_network(const Plan& plan) {
  const auto reason = find_system(plan.system).no_switch;
  if (!has_switch(plan) || reason.empty()) return;
  throw std::invalid_argument(
      fmt::format("--network switch does not work with --system {}: {}", plan.system, reason));
}

std::optional<std::string> choose_network(
    Plan& plan, const std::function<std::optional<std::string>()>& why_no_switch) {
  require_network(plan);
  const bool is_left_to_system = plan.network.empty();
  if (is_left_to_system) plan.network = find_system(plan.system).usual_network;
  if (!has_switch(plan)) return std::nullopt;
  const auto obstacle = why_no_switch();
  if (!obstacle) return std::nullopt;
  if (!is_left_to_system) {
    throw std::runtime_error(
        fmt::format("--network switch is not possible on this machine: {}", *obstacle));
  }
  plan.network = proxy_network;
  return fmt::format("the nodes talk through the proxy, because a switch is not possible here: {}",
                     *obstacle);
}

void choose_system(Plan& plan, std::string_view text) {
  plan.system_options.clear();
  if (described::is_file(text)) return choose_file(plan, text);
  const auto colon = text.find(':');
  const System& system = find_system(text.substr(0, colon));
  plan.system = system.name;
  if (colon == std::string_view::npos) return;
  read_options(plan, text.substr(colon + 1));
  if (described::find_described(plan.system) != nullptr) return described::check_options(plan);
  for (const auto& [name, value] : plan.system_options) {
    const SystemOption& option = find_option(system, name);
    if (option.allows(value)) continue;
    throw std::invalid_argument(fmt::format("--system {}: {}={} is not allowed: {}", system.name,
                                            name, value, option.allowed));
  }
  if (system.conflict == nullptr) return;
  if (const auto conflict = system.conflict(plan.system_options)) {
    throw std::invalid_argument(fmt::format("--system {}: {}", system.name, *conflict));
  }
}

}  // namespace sunder::harness
