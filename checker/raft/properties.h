#pragma once
// The five properties that make Raft safe (Ongaro and Ousterhout 2014, figure 3), the five rules
// from which they follow, and durability, without which they do not outlast a crash; each watched
// by one small class over the records of all nodes. Records of one node come in their order;
// between nodes any order will do, so nothing here may depend on it; their times can be compared,
// because what caused something was said before it. Invariant: a violation always has the two
// events that contradict each other. A broken rule shows long before the harm that it may do.

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/raft/replica.h"
#include "checker/verdict.h"

namespace sunder::checker::raft {

/// When and where something was seen.
struct Sighting {
  history::Time time{0};
  NodeId node;
  Term term;
};

/// Which entry; by log matching there is one such, and it stands behind the same ones everywhere.
struct EntryKey {
  Index index;
  Term term;
  bool operator==(const EntryKey&) const = default;
};
struct EntryKeyHash {
  std::size_t operator()(const EntryKey& key) const {
    return (key.index.value * 0x9e3779b97f4a7c15U) ^ key.term.value * 0xbf58476d1ce4e5b9U;
  }
};

TraceEvidence evidence(const Sighting& sighting, Index index, std::string what);

class Property {
 public:
  explicit Property(std::string name) : name_(std::move(name)) {}
  virtual ~Property() = default;
  Property(const Property&) = delete;
  Property& operator=(const Property&) = delete;

  /// `replica` is the node just before the record.
  virtual void observe(const trace::Record& record, const Replica& replica) = 0;
  /// After the last record of the last node. `traces_are_whole`: what is not in them did not
  /// happen.
  virtual void finish(bool /*traces_are_whole*/) {}
  /// What was looked at, for a valid result.
  virtual std::string looked_at() const = 0;

  CheckResult result() const;

 protected:
  /// Keeps the violation that was complete first.
  void violate(std::string sentence, TraceEvidence left, TraceEvidence right);
  /// Why it is `unknown` if nothing is violated. Keeps the first.
  void doubt(std::string reason);

 private:
  struct Violation {
    std::string sentence;
    std::array<TraceEvidence, 2> events;
    history::Time complete_at{0};
  };
  std::string name_;
  std::optional<Violation> first_;
  std::optional<std::string> doubt_;
  std::size_t violations_ = 0;
};

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

/// A leader has the votes of a majority of its voters, of both sets while they change (§5.2, §6).
class ElectionMajority final : public Property {
 public:
  ElectionMajority() : Property("election majority") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Election {
    Sighting sighting;
    Voters voters;
  };
  std::vector<Election> elections_;
  /// When each voter gave its vote of a term to the candidate first.
  std::map<std::pair<Term, NodeId>, std::map<NodeId, history::Time>> votes_;
};

/// Nobody votes for a candidate whose log is less up to date than its own (§5.4.1).
class ElectionRestriction final : public Property {
 public:
  ElectionRestriction() : Property("election restriction") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  /// The end of a node's log when it asked for votes or gave one; compared like that.
  struct LogEnd {
    Term term;
    Index index;
    auto operator<=>(const LogEnd&) const = default;
  };
  struct Candidacy {
    Sighting sighting;
    LogEnd end;
  };
  struct Vote {
    Sighting sighting;
    NodeId candidate;
    LogEnd end;
  };
  static LogEnd end_of(const Log& log);

  std::map<std::pair<Term, NodeId>, Candidacy> candidacies_;
  std::vector<Vote> votes_;
};

/// Everyone goes by the latest configuration in its log, also after a restart (§6). A leader
/// changes it only when the one before and an entry of its own term are committed (thesis §4.1),
/// and to one whose majorities overlap with those before.
class ConfigurationRule final : public Property {
 public:
  ConfigurationRule() : Property("configuration") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  std::string looked_at() const override;

 private:
  struct Known {
    Sighting sighting;
    /// Of its entry in the log.
    Term term;
    Voters voters;
  };
  struct Node {
    /// Those whose entries are in its log or before its edge, by their place.
    std::map<Index, Known> configurations;
    Index commit_index;
  };
  static void forget_what_is_gone(Node& node, const Log& log);
  void take_over(const trace::Record& record, const trace::Configuration& configuration,
                 const Replica& replica, Node& node);
  void check_change(const Known& before, Index before_at, const Known& after, Index after_at,
                    const Replica& replica, const Node& node);

  std::map<NodeId, Node> nodes_;
  std::size_t seen_ = 0;
};

/// A leader commits by counting only up to an entry of its own term (§5.4.2), and only what a
/// majority of its voters holds (§5.3). Nobody's commit index goes back while it is up.
class Commitment final : public Property {
 public:
  Commitment() : Property("commitment") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Commit {
    Sighting sighting;
    Index index;
    Term entry_term;
    Voters voters;
  };
  struct Edge {
    history::Time time{0};
    Index index;
  };
  void commit(const trace::Record& record, const trace::Committed& event, const Replica& replica);
  void hold(const trace::Record& record, Index first,
            const std::vector<trace::EntryDigest>& entries);
  void hold_snapshot(const trace::Record& record, Index edge);
  bool held(NodeId node, const Commit& commit) const;

  /// Of leaders.
  std::vector<Commit> commits_;
  std::map<NodeId, Sighting> elected_;
  std::map<NodeId, std::pair<Sighting, Index>> furthest_;
  /// When a node had the entry first, and how far its snapshots reached.
  std::map<NodeId, std::unordered_map<EntryKey, history::Time, EntryKeyHash>> held_since_;
  std::map<NodeId, std::vector<Edge>> edges_;
};

/// What a node has applied and how it has voted is there when it starts again, and on its disk in
/// the end. A node says so when it is durable; of a snapshot that it installs it speaks before
/// that. Who starts with an empty disk and in no cluster is a newcomer.
class Durability final : public Property {
 public:
  Durability() : Property("durability") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  /// What a node's folder held, and how that is known.
  struct Disk {
    Sighting sighting;
    std::optional<NodeId> voted_for;
    Log log;
    std::string how;
  };
  /// What a node has promised since it started last.
  struct Promises {
    std::optional<NodeId> candidate;
    Sighting voted;
    /// The first entry since the start that it has applied itself, and all behind it.
    Index first_applied;
    std::vector<trace::EntryDigest> applied;
    Index last_applied;
    Sighting sighting;
  };
  void note(const trace::Record& record);
  void start(const Disk& disk);
  void decide_about_empty_disk(NodeId node, const trace::Configuration& configuration);
  void check(const Disk& disk, const Promises& promises);
  void check_vote(const Disk& disk, const Promises& promises);
  void check_entries(const Disk& disk, const Promises& promises);

  /// Somebody looked at disks in the end.
  bool has_witness_ = false;
  std::map<NodeId, Disk> disks_;
  std::map<NodeId, Promises> promises_;
  /// Of nodes that have started with an empty disk and not said yet in what cluster.
  std::map<NodeId, std::pair<Disk, Promises>> emptied_;
  std::size_t restarts_ = 0;
  std::size_t compared_ = 0;
};

/// What a node acknowledged to a leader, seen on the wire, is in its log when it starts again,
/// unless a later leader made it give the entries up.
class Acknowledgement final : public Property {
 public:
  Acknowledgement() : Property("acknowledgement") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  struct Promise {
    Sighting sighting;
    Index last;
  };
  /// Everything behind `last` was removed from the log.
  struct Removal {
    history::Time time{0};
    Term term;
    Index last;
  };
  /// What a node started with, against the log that it had before.
  struct Start {
    Sighting sighting;
    Index same_up_to;
  };
  struct Node {
    std::vector<Promise> promises;
    std::vector<Removal> removals;
    std::vector<Start> starts;
    /// Its log is empty, and it has not said yet in what cluster.
    std::optional<Start> emptied;
  };
  static void observe_node(const trace::Record& record, const Replica& replica, Node& node);
  void check(const Node& node, const Start& start, history::Time since);

  std::map<NodeId, Node> nodes_;
  std::size_t promises_ = 0;
};

}  // namespace sunder::checker::raft
