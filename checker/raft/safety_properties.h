#pragma once
// The five properties that make Raft safe (Ongaro and Ousterhout 2014, figure 3).

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

/// At most one leader in a term, and at most one vote of a node in a term. A node says that it
/// votes when the vote is durable, so a vote that was said counts, whatever befell the node next.
/// Who sends as a leader, seen on the wire, leads, whatever the traces say.
class ElectionSafety final : public Property {
 public:
  ElectionSafety() : Property("election safety") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  void note_vote(const trace::Record& record);

  struct Leader {
    Sighting sighting;
    const char* how;
    bool is_in_traces = false;
  };
  Leader& lead(const trace::Record& record, Term term, const char* how);

  struct Vote {
    Sighting sighting;
    NodeId candidate;
  };
  void count_vote(NodeId node, const Vote& vote);

  std::map<Term, Leader> leaders_;
  std::set<Term> on_wire_;
  std::map<std::pair<NodeId, Term>, Vote> votes_;
};

/// A leader never overwrites or deletes entries of its own log.
class LeaderAppendOnly final : public Property {
 public:
  LeaderAppendOnly() : Property("leader append-only") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  std::string looked_at() const override;

 private:
  std::map<NodeId, Sighting> elected_;
  std::size_t appends_ = 0;
};

/// Entries with one index and term are equal, everywhere and ever, and so is all before them: in
/// the logs as the traces tell them, and on the wire.
class LogMatching final : public Property {
 public:
  LogMatching() : Property("log matching") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Entry {
    trace::Digest digest;
    /// Absent where the entry before is hidden in a snapshot.
    std::optional<Term> previous_term;
    Sighting sighting;
    bool is_in_traces = false;
    bool is_on_wire = false;
  };
  enum class Source { trace, wire };
  void see(Source source, const Sighting& sighting, Index first, std::optional<Term> previous_term,
           const std::vector<trace::EntryDigest>& entries);

  std::unordered_map<EntryKey, Entry, EntryKeyHash> entries_;
};

/// What was committed in a term is in the log of every leader of a later term.
class LeaderCompleteness final : public Property {
 public:
  LeaderCompleteness() : Property("leader completeness") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Commit {
    Sighting sighting;
    Index index;
    Term entry_term;
  };
  struct Election {
    Sighting sighting;
    Index last;
    /// Its log at the election. By log matching, index and term say which entry it is.
    std::vector<TermRun> log;
  };
  /// The furthest in each term.
  std::map<Term, Commit> commits_;
  std::vector<Election> elections_;
};

/// No two nodes apply different entries at one index; each applies them in order, without gaps.
class StateMachineSafety final : public Property {
 public:
  StateMachineSafety() : Property("state machine safety") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  std::string looked_at() const override;

 private:
  struct Applied {
    trace::EntryDigest entry;
    Sighting sighting;
  };
  /// How far a node's state machine is, and what brought it there.
  struct Progress {
    Index applied;
    Sighting sighting;
    std::string what;
  };
  void apply(const trace::Record& record, const trace::Applied& event);
  void install(const trace::Record& record, const trace::SnapshotInstalled& event);

  std::unordered_map<std::uint64_t, Applied> applied_;
  std::map<NodeId, Progress> progress_;
};

}  // namespace sunder::checker::raft
