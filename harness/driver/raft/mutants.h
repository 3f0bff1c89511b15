#pragma once
// The seeded bugs of the embedded node, as its own program lists them: sunder links none of them.

#include <optional>
#include <string>
#include <vector>

namespace sunder::harness {

/// The run that is likely to find a mutant.
struct MutantHunt {
  std::string workload;
  std::string nemesis;
  int nodes = 0;
  /// What goes behind `--system raft:`; may be empty.
  std::string system;
  /// Further flags of `sunder run`; may be empty.
  std::string flags;
};

struct Mutant {
  /// "A1"
  std::string id;
  /// "read-without-quorum"
  std::string name;
  std::string mistake;
  /// Where it happened for real.
  std::string source;
  std::string faults;
  std::string breaks;
  MutantHunt hunt;
  /// Why it cannot be found in this node; empty if it can.
  std::string argument;
};

/// Asks the program that has them. Throws std::runtime_error if it is not there or does not answer.
std::vector<Mutant> list_mutants();

/// By id or name; throws std::invalid_argument listing what there is.
Mutant find_mutant(const std::string& id_or_name);

}  // namespace sunder::harness
