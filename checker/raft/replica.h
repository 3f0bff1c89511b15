#pragma once
// One node as its trace tells it: role, log, voters. Rebuilt record by record.
// Invariant: the log has no holes; before `edge` it is not known, because a snapshot stands there.
// Surprise: a trace that does not add up (an entry appended behind a gap) is a complaint about the
// trace, not yet a broken property: what cannot be rebuilt cannot be judged.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/api/trace.h"

namespace sunder::checker::raft {

/// Where in a log a new term begins: all that is needed to say which term stands where.
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
  /// Nothing at and before the edge, and behind the end.
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

/// Who decides. Invariant: without voters it is not known who they are.
struct Voters {
  std::vector<NodeId> voters;
  /// While the voters change: those of before, a majority of whom is needed too.
  std::vector<NodeId> outgoing;

  bool are_known() const { return !voters.empty(); }
  /// Whether those of whom `agrees` is true are a majority, of both sets while there are two.
  bool have_majority(const std::function<bool(NodeId)>& agrees) const;
};

/// Whether a node that starts in such a configuration belongs to no cluster yet, and so has nothing
/// to remember: it does not count itself among the voters.
bool is_newcomer(NodeId node, const trace::Configuration& configuration);

enum class Role { follower, candidate, leader };

class Replica {
 public:
  void observe(const trace::Record& record);

  bool has_started() const { return has_started_; }
  Role role() const { return role_; }
  const Log& log() const { return log_; }
  const Voters& voters() const { return voters_; }
  /// What does not add up, in words; empty if all does.
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
