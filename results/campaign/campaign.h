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
  /// The verdict's; of the others, how they ended and what they said last.
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
  /// The kinds of events in the nodes' traces, by name.
  std::vector<std::string> events;
  /// The situations that its nodes went through (checker/raft/coverage.h), by name.
  std::vector<std::string> situations;
  /// How many abstract states it showed that no run before it had.
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
  /// The seed of the first of the attempts that are one hunt, of which this is one; its own if
  /// nothing is tried again.
  std::uint64_t first_seed = 0;
  /// From 1, of runs that are the same run several times; else 0.
  unsigned repetition = 0;
  /// It must be invalid: if not, the campaign would not have seen a bug that is there.
  bool canary = false;
  /// Its system is one that does not keep its promise. So it must be invalid, too.
  bool known_bad = false;
  /// What stands behind `sunder run` to carry it out, apart from where it is kept.
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
  /// What it is compared by with others: a campaign is held against earlier ones of its name.
  std::string name;
  /// "20261125T211500Z": when it began; orders those of one name.
  std::string id;
  /// The spec, as JSON text.
  std::string spec;
  /// Over all sessions that worked on it.
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
