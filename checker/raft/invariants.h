#pragma once
// Checks the records of a run against Raft's five safety properties, the rules of elections and
// commitment from which they follow, and durability: see property.h.
// A property is `unknown` if evidence that it needs has gaps. A violation that does not depend on
// what is missing is invalid all the same. Time is near-linear in the entries of the traces. Memory
// holds the logs, not the traces.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "checker/raft/client_commands.h"
#include "checker/raft/property.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// Takes records one by one: those of one node in order, those of different nodes in any order.
class Invariants {
 public:
  Invariants();

  void observe(const trace::Record& record);
  /// What clients were answered in the run: see ClientCommands::heard.
  void heard(std::span<const history::Operation> operations, std::optional<Index> caught_up_to);
  /// The evidence of this kind is not whole; `reason` is a sentence. The first one counts.
  void report_gap(Witness witness, std::string reason);
  /// Records are missing from the node's trace, so that its state cannot be rebuilt.
  void report_lost_records(NodeId node, std::string reason);
  /// Somebody watched the wire all the time: see Gaps::Wire.
  void expect_wire(Gaps::Wire wire) { gaps_.wire = wire; }
  /// A trace from which records may be missing although nobody said so. If such a trace does not
  /// add up, the reason is that records are missing, and not the node.
  void distrust(NodeId node) { distrusted_.insert(node); }
  /// One result for each property.
  std::vector<CheckResult> finish();
  /// Once finished: also those that only the records themselves show.
  const Gaps& gaps() const { return gaps_; }

 private:
  std::vector<std::unique_ptr<Property>> properties_;
  /// One of them.
  ClientCommands* clients_ = nullptr;
  std::map<NodeId, NodeState> nodes_;
  std::set<NodeId> distrusted_;
  Gaps gaps_;
};

}  // namespace sunder::checker::raft
