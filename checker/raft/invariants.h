#pragma once
// Judges a run's traces by Raft's five safety properties: election safety (with one vote a term),
// leader append-only, log matching, leader completeness, state machine safety; by the rules of
// elections and commitment that they stand on; and by durability, at each restart and, if somebody
// has read the nodes' disks, in the end.
// A property is `unknown` unless there is a trace of every node that adds up: a node that said
// nothing may have done anything. A violation that was seen stays invalid all the same.
// Near-linear in the number of entries in the traces; memory holds the logs, not the traces.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checker/raft/property.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// For records that come one by one: of one node in their order, between nodes in any order.
class Invariants {
 public:
  Invariants();

  void observe(const trace::Record& record);
  /// Why the answer can be `unknown` at best, besides what the records themselves show.
  void doubt(std::string reason);
  /// One result for each property.
  std::vector<CheckResult> finish();

 private:
  std::vector<std::unique_ptr<Property>> properties_;
  std::map<NodeId, Replica> replicas_;
  std::vector<std::string> doubts_;
};

/// Trace files, one of each node that took part ("trace/n1.jsonl", ...). A missing or empty one
/// makes what is not invalid `unknown`. `witnesses` have what others say of the nodes: `sent` of
/// the network, `on_disk` of their disks; they need not exist. Throws history::InputError for a
/// line that is no record.
std::vector<CheckResult> check_invariants(const std::vector<std::filesystem::path>& traces,
                                          const std::vector<std::filesystem::path>& witnesses = {});

}  // namespace sunder::checker::raft
