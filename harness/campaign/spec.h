#pragma once
// What a campaign is asked to do: the lists whose product it runs, and what all its runs share.
// From a JSON file, of which flags may replace members, or from flags alone.
//
// { "name": "nightly", "systems": ["raft"], "workloads": ["register"],
//   "nemeses": ["kill", "kill+partition", "swarm"], "mutants": ["none", "A1"], "seeds": "1..20",
//   "hunt": false, "budget": "0s", "nodes": 5, "time_limit": "10s",
//   "nemesis_interval": "2s", "run_timeout": "2m", "flags": "--rate 500", "known_bad": false,
//   "canary": true }
//
// Every member may be left out. "a+b" are several kinds of faults in one run, "@FILE" is a
// schedule, in a spec's file beside that.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "node/api/duration.h"

namespace sunder::harness::campaign {

struct Spec {
  std::string name = "campaign";
  std::vector<std::string> systems{"raft"};
  std::vector<std::string> workloads{"register"};
  std::vector<std::string> nemeses{"kill", "pause", "partition", "swarm"};
  /// Ids or names; "none" is the correct node, "all" every mutant that can be found, "control" the
  /// correct node in the runs that hunt these.
  std::vector<std::string> mutants{"none"};
  std::vector<std::uint64_t> seeds{1, 2, 3};
  /// Mutants are hunted by the run that is known to find each, instead of by the product.
  bool hunt = false;
  /// A mutant that a run did not find is hunted on with other seeds, for so long in all; 0: each
  /// seed is one run.
  Duration budget{0};
  int nodes = 5;
  Duration time_limit{std::chrono::seconds(10)};
  Duration nemesis_interval{std::chrono::seconds(2)};
  /// A run that takes longer hangs; counted from the start of its process.
  Duration run_timeout{std::chrono::minutes(2)};
  /// More flags of `sunder run`, separated by spaces.
  std::string flags;
  /// The systems are ones that do not keep their promise: every run of one must be invalid.
  bool known_bad = false;
  bool canary = true;
};

/// Throws std::invalid_argument naming the member and what is allowed there.
Spec spec_from_json(const nlohmann::json& json);
/// As spec_from_json, naming the file as well.
Spec read_spec(const std::filesystem::path& file);
nlohmann::json to_json(const Spec& spec);

/// "1..20" or "1,5,9..12". Throws std::invalid_argument beginning with `where`.
std::vector<std::uint64_t> parse_seeds(std::string_view where, std::string_view text);

}  // namespace sunder::harness::campaign
