#pragma once
// Everything that determines a run, as data. sunder saves it before it starts anything; it is
// enough to start the same run again. The faults themselves are in schedule.json.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "node/api/duration.h"
#include "workloads/choices.h"

namespace sunder::harness {

/// What may stand between the nodes of a system: the proxy, or a switch (nemesis/network/).
constexpr std::string_view proxy_network = "proxy";
constexpr std::string_view switch_network = "switch";
/// A switch that delivers nothing of what a link lost when the link opens again.
constexpr std::string_view forgetful_switch_network = "switch:release=off";

/// Throws std::invalid_argument that says which there are.
void require_network_name(std::string_view network);

inline bool is_switch(std::string_view network) {
  return network == switch_network || network == forgetful_switch_network;
}

struct Plan {
  std::string name;
  std::string system = "raft";
  /// By name: {"pre-vote", "off"}; what is not named stays as usual.
  std::map<std::string, std::string> system_options;
  /// "proxy", "switch" or "switch:release=off". Empty in plans that leave it to the system
  /// (choose_network).
  std::string network;
  /// Empty for the correct node.
  std::string mutant;
  /// Or several: "register+append".
  std::string workload = "register";
  /// Of the workload's model, by name, as JSON texts: {"initial", "0"}. Empty in older plans.
  std::map<std::string, std::string> model_parameters;
  /// The isolation level that judges transactions, by its name; empty: as the workload says.
  std::string isolation;
  /// As written by the user: {"kill", "pause", "partition:bridge"}; empty for no faults.
  std::vector<std::string> nemeses;
  /// The composite name that drew them: "all" or "swarm". A drawn kind may find no moment. Empty if
  /// the user named each kind: then the run must have had each.
  std::string drawn_by;
  /// A schedule given by the user, which then replaces the one drawn from the seed.
  std::string schedule_file;
  int nodes = 5;
  int concurrency = 10;
  int keys = 5;
  /// As workloads::GeneratorOptions has them.
  std::map<std::string, int> mix;
  std::vector<workloads::Phase> phases;
  std::map<std::string, int> reserved;
  double key_skew = 0;
  std::optional<int> ops_per_key;
  int value_bytes = 0;
  std::optional<workloads::Lengths> txn_length;
  std::optional<int> max_writes_per_key;
  /// Operations per second over all clients; 0 is as fast as they are answered.
  double rate = 0;
  /// Clients work for the first span at the begin of every second one; zero: all the time.
  Duration burst{0};
  Duration burst_every{0};
  Duration time_limit{std::chrono::seconds(30)};
  Duration nemesis_interval{std::chrono::seconds(5)};
  Duration operation_timeout{std::chrono::seconds(1)};
  Duration election_timeout{std::chrono::milliseconds(150)};
  /// How long the healed cluster may take to answer every key again.
  Duration recovery_timeout{std::chrono::seconds(10)};
  /// Stop at the first violation that clients see, and with `keep_running` freeze the nodes there.
  bool fail_fast = false;
  bool keep_running = false;
  std::uint64_t seed = 0;
  /// What the run is to record: "history", "traces", "states", "wire", .... Empty in
  /// plans of versions that did not say it.
  std::vector<std::string> evidence;
  /// How long clients and faults had gone on when the run was stopped before its time limit.
  /// Absent if it was not. It says nothing about a run that is yet to begin.
  std::optional<Duration> stopped_after;
  bool operator==(const Plan&) const = default;
};

nlohmann::json to_json(const Plan& plan);

/// Throws std::invalid_argument naming the member that is missing or wrong.
Plan plan_from_json(const nlohmann::json& json);

/// Reads plan.json. Throws std::invalid_argument naming the file.
Plan read_plan(const std::filesystem::path& path);

/// Whether its nodes stand at a switch.
inline bool has_switch(const Plan& plan) {
  return is_switch(plan.network);
}

/// As nemesis::Switch::Options has it.
inline bool releases_last_frames(const Plan& plan) {
  return plan.network != forgetful_switch_network;
}

/// "raft", or with its options "raft:check-quorum=off,pre-vote=off", as --system takes it.
std::string system_text(const Plan& plan);

/// The kinds of its nemeses: "partition" of "partition:bridge".
std::vector<std::string> fault_kinds(const Plan& plan);

/// "30s", or "stopped after 5.1 of 30 s".
std::string time_text(const Plan& plan);

/// The words behind `sunder run` that make this plan again, but for its name; standard values are
/// left out. commands/plan_flags.h reads them.
std::vector<std::string> run_flags(const Plan& plan);

/// "sunder run ...", as a person repeats it.
std::string command_line(const Plan& plan);

}  // namespace sunder::harness
