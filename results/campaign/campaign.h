#pragma once
// A campaign as data: the runs it consists of, and what became of each. It is planned whole before
// anything starts, so a run without an outcome is one that is still to be carried out.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/verdict.h"
#include "results/campaign/signature.h"

namespace sunder::results {

enum class Ending {
  judged,
  crashed,  ///< sunder itself, not the system under test: a node that crashes is judged.
  hung,     ///< It took longer than a run may and was killed.
};

/// "judged", "crashed", "hung"
std::string_view name_of(Ending ending);

struct RunOutcome {
  Ending ending = Ending::crashed;
  /// Of a run that was judged.
  std::optional<checker::Validity> validity;
  /// The verdict's. Of runs that crashed or hung: how they ended and their last line of output.
  std::string sentence;
  /// From the start of its process to the end.
  double seconds = 0;
  /// From the campaign's folder on; empty if it was not kept.
  std::string folder;
  /// Of an invalid run.
  std::optional<Signature> signature;
  /// When in the run the violation happened, where the proof says so.
  std::optional<double> violation_at;
  std::uint64_t operations = 0;
  /// How many faults took effect.
  std::uint64_t faults = 0;
  /// The kinds of faults that took effect, by name.
  std::vector<std::string> injected;
  /// The kinds that its plan asked for, also those that "all" or "swarm" drew.
  std::vector<std::string> asked;
  /// The kinds of events in the nodes' traces, by name.
  std::vector<std::string> events;
  /// The situations that occurred (checker/raft/coverage.h), by name.
  std::vector<std::string> situations;
  /// How many abstract states it reached that no run before it had.
  std::uint64_t new_states = 0;
  bool operator==(const RunOutcome&) const = default;
};

struct CampaignRun {
  /// As `sunder run` takes them.
  std::string system;
  std::string workload;
  std::string nemesis;
  /// The id; empty for the correct node.
  std::string mutant;
  std::uint64_t seed = 0;
  /// The seed of the first run of the hunt that this run belongs to; its own seed if it belongs to
  /// none.
  std::uint64_t first_seed = 0;
  /// Numbers repetitions of the same run from 1 on; 0 if it is not repeated.
  unsigned repetition = 0;
  /// It must be invalid: if not, the campaign would miss bugs.
  bool canary = false;
  /// Its system is known not to be linearizable, so the run must be invalid.
  bool known_bad = false;
  /// The flags of `sunder run` for it, apart from the folder.
  std::vector<std::string> arguments;
  double expected_seconds = 0;
  std::optional<RunOutcome> outcome;
  bool operator==(const CampaignRun&) const = default;
};

/// "raft-register-kill.leader+pause-A1-7": unique in a campaign, and a folder's name.
std::string key_of(const CampaignRun& run);
/// "sunder run ...", as a person repeats it.
std::string command_of(const CampaignRun& run);

struct Campaign {
  /// A campaign is compared with earlier ones of its name.
  std::string name;
  /// "20261125T211500Z": when it began; orders those of one name.
  std::string id;
  /// The spec, as JSON text.
  std::string spec;
  /// The sum over all sessions (--resume).
  double seconds = 0;
  unsigned jobs = 1;
  unsigned shard = 1;
  unsigned shards = 1;
  /// Of all shards together, canaries apart.
  std::size_t matrix_runs = 0;
  /// The kinds of events that a trace can hold.
  std::vector<std::string> vocabulary;
  /// The situations that nodes can go through.
  std::vector<std::string> situations;
  std::vector<CampaignRun> runs;
  bool operator==(const Campaign&) const = default;
};

}  // namespace sunder::results
