#pragma once
// Checks a run's traces against Raft's five safety properties, the rules of elections and
// commitment from which they follow, and durability: see property.h.
// A property is `unknown` unless every node has a consistent trace: a node without one may have
// done anything. A violation that was seen is invalid all the same. Time is near-linear in the
// entries of the traces. Memory holds the logs, not the traces.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checker/raft/property.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// Takes records one by one: those of one node in order, those of different nodes in any order.
class Invariants {
 public:
  Invariants();

  void observe(const trace::Record& record);
  /// A reason outside the records why no property can be valid.
  void doubt(std::string reason);
  /// One result for each property.
  std::vector<CheckResult> finish();

 private:
  std::vector<std::unique_ptr<Property>> properties_;
  std::map<NodeId, NodeState> nodes_;
  std::vector<std::string> doubts_;
};

/// `traces` has one file for each node ("trace/n1.jsonl", ...). If one is missing or empty, no
/// property is valid. `witnesses` are files of records made by others than the nodes (`sent` by the
/// proxy, `on_disk` by the disk inspection); they need not exist. Throws history::InputError for a
/// line that is not a record.
std::vector<CheckResult> check_invariants(const std::vector<std::filesystem::path>& traces,
                                          const std::vector<std::filesystem::path>& witnesses = {});

}  // namespace sunder::checker::raft
