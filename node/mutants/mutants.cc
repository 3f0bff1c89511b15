#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "node/mutants/mistakes.h"
#include "node/mutants/mutant.h"

namespace sunder {

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> table{
      {"P1", "vote-not-persisted",
       "a vote is not written to disk: after a restart it is given twice", "akka-raft #56",
       "K in an election", "ES", mistakes::forget_votes_on_disk},
      {"R1", "prev-log-term-unchecked",
       "a follower takes entries behind an entry of another term, looking only at its index",
       "akka-raft raft-58b", "K and P, divergent logs", "LM, SMS",
       mistakes::ignore_the_term_before_the_entries},
      {"A1", "read-without-quorum",
       "a leader never asks a quorum whether it still leads, for reads or to stay", "xraft #40",
       "P of the leader, PA", "LIN register", mistakes::read_without_quorum},
      {"A7", "acknowledge-before-commit",
       "a leader answers writes and appends when they are in its own log", "classic",
       "P of the leader", "LIN", mistakes::acknowledge_before_commit},
  };
  return table;
}

const Mutant& find_mutant(std::string_view id_or_name) {
  std::string allowed;
  for (const auto& mutant : mutants()) {
    if (mutant.id == id_or_name || mutant.name == id_or_name) return mutant;
    allowed += fmt::format("{}{} ({})", allowed.empty() ? "" : ", ", mutant.id, mutant.name);
  }
  throw std::invalid_argument(
      fmt::format("\"{}\" is not a mutant; allowed: {}", id_or_name, allowed));
}

}  // namespace sunder
