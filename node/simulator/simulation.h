#pragma once
// One simulated run: a cluster, its clients and random faults for a while, then calm; all of it
// from one seed. Says what was broken: a safety property, linearizability, or that the healed
// cluster did not answer.

#include <cstdint>
#include <string>
#include <vector>

#include "node/parts.h"
#include "node/raft/raft.h"

namespace sunder::simulator {

struct Faults {
  bool crashes = true;
  bool partitions = true;
  bool pauses = true;
  /// Loss, duplication and delay of single messages.
  bool weather = true;
  /// Nodes that gave a vote go down right after and are back at once.
  bool voter_restarts = true;
  bool membership = true;
  bool transfers = true;
  /// Instead of all these: leaders fall one after the other, some within the step that makes them
  /// leaders, and are back at once; votes come late. What forgets or miscounts a vote, or counts
  /// what a former leader had, is seen here.
  bool election_storm = false;
};

struct SimulationOptions {
  std::uint64_t seed = 0;
  /// 0: 3 or 5, by the seed.
  int nodes = 0;
  int clients = 4;
  raft::Time pause_of_clients = std::chrono::milliseconds(50);
  raft::Time duration = std::chrono::seconds(10);
  Faults faults{};
  MakeParts make_parts = [](TraceSink&) { return Parts{}; };
};

struct SimulationResult {
  std::vector<std::string> violations;
  std::size_t operations = 0;
  std::uint64_t elections = 0;
  std::uint64_t truncations = 0;
  std::uint64_t crashes = 0;
  std::uint64_t commits = 0;
  std::uint64_t snapshots_taken = 0;
  std::uint64_t snapshots_installed = 0;
  std::uint64_t configurations = 0;
};

SimulationResult simulate(const SimulationOptions& options);

}  // namespace sunder::simulator
