#pragma once
// The state of one node, rebuilt from its trace record by record: role, log, voters.
// Invariant: the log has no gaps. Entries up to `edge` are not known: a snapshot replaces them.
// Surprise: an inconsistent trace (an entry appended after a gap) is a complaint about the trace
// and breaks no property: a state that cannot be rebuilt cannot be judged.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/api/trace.h"

namespace sunder::checker::raft {

/// A run of entries of one term in a log: its first index. It lasts until the next run begins.
struct TermRun {
  Index first;
  Term term;
};

class Log {
 public:
  Log() = default;
  Log(Index edge, Term edge_term, std::vector<trace::EntryDigest> entries)
      : edge_(edge), edge_term_(edge_term), entries_(std::move(entries)) {}

  Index edge() const { return edge_; }
  Term edge_term() const { return edge_term_; }
  Index last() const { return {edge_.value + entries_.size()}; }
  /// Absent up to the edge and after the end.
  std::optional<trace::EntryDigest> entry(Index index) const;
  /// Also known at the edge.
  std::optional<Term> term(Index index) const;
  /// From the edge to `last`, in order.
  std::vector<TermRun> term_runs(Index last) const;

  /// Removes every entry from `first` on.
  void truncate(Index first);
  void append(const std::vector<trace::EntryDigest>& entries);

 private:
  Index edge_;
  Term edge_term_;
  std::vector<trace::EntryDigest> entries_;
};

/// The nodes whose majority decides. Empty `voters` mean that the trace has not named them yet.
struct Voters {
  std::vector<NodeId> voters;
  /// In a joint configuration, the previous voters. A majority of them is needed too.
  std::vector<NodeId> outgoing;

  bool are_known() const { return !voters.empty(); }
  /// Whether the nodes for which `agrees` is true are a majority of each set of voters.
  bool have_majority(const std::function<bool(NodeId)>& agrees) const;
};

/// Whether a node that starts with this configuration belongs to no cluster yet, because it is not
/// one of the voters. Such a node has made no promises.
bool is_newcomer(NodeId node, const trace::Configuration& configuration);

enum class Role { follower, candidate, leader };

class NodeState {
 public:
  void observe(const trace::Record& record);

  Role role() const { return role_; }
  const Log& log() const { return log_; }
  const Voters& voters() const { return voters_; }
  /// Why the trace is inconsistent; empty if it is consistent.
  const std::string& complaint() const { return complaint_; }

 private:
  void observe(const trace::Started& event);
  void observe(const trace::Appended& event);
  void observe(const trace::Truncated& event);
  void observe(const trace::SnapshotInstalled& event);
  void observe(const trace::Configuration& event) { voters_ = {event.voters, event.outgoing}; }
  void observe(const trace::BecameFollower&) { role_ = Role::follower; }
  void observe(const trace::BecameCandidate&) { role_ = Role::candidate; }
  void observe(const trace::BecameLeader&) { role_ = Role::leader; }
  template <typename Other>
  void observe(const Other&) {}

  bool has_started_ = false;
  Role role_ = Role::follower;
  Log log_;
  Voters voters_;
  std::string complaint_;
};

}  // namespace sunder::checker::raft
